"""What `takeback check` looks at: one file for each kind of thing that can be wrong."""
