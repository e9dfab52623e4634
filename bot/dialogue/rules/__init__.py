"""The rules of the dialogue: each decides one sort of message, or passes it on.

A rule is a function of Context; it returns a Decision, or None where it does not apply.
The first line of its docstring says when it applies and gives an example. Their order
is policy.RULES; the modules here are the groups of that list.
"""
