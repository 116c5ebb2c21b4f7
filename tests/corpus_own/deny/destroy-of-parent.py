# destroys the component that holds the guard
target = '/project1'
op(target).destroy()
