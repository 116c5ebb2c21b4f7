"""Stand-ins for the Python modules that TouchDesigner keeps in ``op.TDModules``."""
