"""What `takeback eval` counts: labelled questions, and phrases held out."""
