# what a build knows is asked of td itself
result = hasattr(td, 'POP')
