"""What `takeback bench` measures: the matcher on public sets, and its rivals."""
