"""What a person is told of each correction of the second fact check, and of the third.

A question for each row of its sections 2.1 to 2.3, fresh each time, and words of the reply
that were copied by hand from the row; what the row calls wrong must not be said. The rows of
`THIRD` are what a check of 192 replies on twenty-four services found.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

from tests.support.books import real_bot


class Row(NamedTuple):
    asked: str
    said: tuple[str, ...]
    not_said: tuple[str, ...] = ()


WRONG = {
    "1 WhatsApp at 2 d 5 h": Row(
        "been 2 days and 5 hours since i sent it on whatsapp, too late?",
        ("Perhaps", "48 to 60 hours", "Look now"),
        ("oo late",),
    ),
    "2 LINE at 3 h": Row(
        "sent it on LINE 3 hours ago, can i still unsend?",
        ("Perhaps", "1 to 24 hours", "Japan and Thailand", "by country"),
        ("oo late",),
    ),
    "3 Gmail": Row(
        "how long do i have to undo send in gmail",
        ("5 to 30 seconds", "5 seconds unless it was set before"),
    ),
    "4 Apple Mail": Row(
        "how long do i have to undo send in apple mail",
        ("10 to 30 seconds", "10 seconds unless it was set before"),
    ),
    "4 Proton Mail": Row("proton mail undo send", ("10 to 20 seconds",)),
    "5 Reddit, edit": Row(
        "can I edit a message in reddit chat",
        ("not certain", "a client lists it as working"),
    ),
    "6 Teams, the boss": Row(
        "can my boss see messages I deleted on teams",
        ("can still be found", "retention rule or a hold"),
    ),
    "7 Outlook to Gmail": Row(
        "how do I recall an email sent to gmail from outlook",
        ("does not reach Gmail", "With Undo Send on, press Undo first"),
        ("Stay in Gmail",),
    ),
}
CONDITIONS = {
    "8 Outlook, just sent": Row(
        "how do I take back an outlook mail that I sent just now",
        ("press Undo first", "up to 10 seconds", "up to 30 seconds", "delay rule"),
    ),
    "9 Outlook.com": Row(
        "how long to undo send on outlook.com",
        ("10 to 30 seconds", "new Outlook since 2026"),
        ("Microsoft 365",),
    ),
    "10 X Chat": Row(
        "can i delete an X chat message for both sides",
        ("In an encrypted chat", "Is yours marked as encrypted?"),
    ),
    "10 X Chat, edit": Row(
        "edit a message in X chat", ("15 minutes", "Only in an encrypted chat")
    ),
    "11 X post, edit": Row(
        "how long can I edit a tweet",
        ("Premium", "30 minutes", "1 hour", "five edits", "stay readable"),
    ),
    "12 Snapchat, read": Row(
        "can i delete a snapchat message after they opened it",
        ("Perhaps", "only while unopened or unsaved", "Not certain"),
    ),
    "13 Slack, trace": Row(
        "does slack show that I deleted a message",
        ("placeholder", "Very likely, as of June 2026"),
    ),
    "14 Telegram, window": Row(
        "how long can I delete a message in telegram",
        ("In private chats there is no time limit", "48 hours is the older figure"),
        ("Confirmed",),
    ),
    "15 WeChat, admins": Row(
        "can a group owner remove my message on wechat",
        ("unclear", "company edition", "Not certain"),
    ),
    "16 Google Chat": Row(
        "can I delete a message on google chat",
        ("Yes", "for everyone", "Confirmed by Google"),
    ),
    "16 Google Chat, window": Row(
        "how long can I delete a message on google chat",
        ("names no time limit", "switch history off"),
    ),
    "17 LINE, edit": Row("can I edit a LINE message", ("No", "cannot be edited")),
    "18 Reddit": Row(
        "delete a reddit chat message for both",
        ("Most likely yes", "read-only archive", "A line says"),
    ),
    "19 Signal, admins": Row(
        "can a signal admin delete my message",
        ("Since summer 2026", "everyone sees who did", "Confirmed by Signal"),
    ),
    "20 RCS to an iPhone": Row(
        "unsend an RCS message sent to an iphone",
        ("carrier by carrier", "not confirmed", "Not certain"),
    ),
    "21 Telegram, trace": Row(
        "does telegram leave a trace when i delete",
        ("leave no mark", "Confirmed by Telegram"),
    ),
    "21 Telegram, read": Row(
        "telegram they read it, can I delete for both",
        ("sent or received", "for both sides, read or not"),
    ),
    "22 Discord, trace": Row(
        "does discord show that I deleted a message",
        ("replies to it show", "Very likely"),
        ("Confirmed",),
    ),
}
NEW = {
    "Messenger, disappearing": Row(
        "disappearing messages in encrypted messenger chats",
        ("14 days", "6 hours", "screenshots are announced", "vanish mode is gone"),
    ),
    "Instagram, encrypted chats": Row(
        "do disappearing messages still exist on instagram",
        ("withdrawn in 2026", "unsending and editing are unchanged"),
    ),
    "WhatsApp, channels": Row(
        "delete a whatsapp channel update",
        ("owner", "stays on its followers' phones", "Not certain"),
    ),
    "Google Chat, block": Row(
        "can i still delete what i wrote if i block them on google chat",
        ("still delete what you wrote", "blocked person cannot", "neither can edit"),
    ),
    "Google Chat, managers": Row(
        "can a google chat space manager delete my message",
        ("managers of a space", "Workspace admins", "Confirmed by Google"),
    ),
    "Slack, exports": Row(
        "the delete option is missing on slack",
        ("compliance exports", "refused altogether", "Confirmed by Slack"),
    ),
    "Teams, owners": Row(
        "can a teams owner delete my message",
        ("let owners delete anyone's", "Confirmed by Microsoft"),
    ),
    "Teams, undo": Row(
        "can I undo deleting a teams message", ("sender of a work account finds Undo",)
    ),
    "Signal, age": Row(
        "does signal delete work after it was read", ("never whether it was read",)
    ),
    "Telegram, secret chat": Row(
        "secret chat on telegram, delete for both?",
        ("orders the other device to delete too", "forwarding is off"),
    ),
    "Telegram, whole chat": Row(
        "clear a whole telegram chat for both sides",
        ("can be cleared on both ends", "Confirmed by Telegram"),
    ),
    "WeChat, files": Row(
        "how long to recall a file on wechat",
        ("3 hours", "re-edit is offered for 5 minutes"),
        ("Only 2 minutes",),
    ),
    "Discord, account": Row(
        "if i delete my discord account do messages go", ("leaves your messages there",)
    ),
    "X, unencrypted": Row(
        "take back an unencrypted dm on X",
        ("only from your own side", "the other person keeps theirs"),
    ),
    "LinkedIn, read": Row(
        "can i delete a linkedin message after it was read",
        ("for 60 minutes", "Read or not"),
    ),
    "InMail": Row("take back an inmail", ("most likely", "Very likely")),
}
THIRD = {
    "LINE, Taiwan": Row(
        "until when does unsending work on LINE",
        ("1 hour in Japan and Thailand", "put it off in December 2025", "7 days"),
        ("Japan, Thailand and Taiwan",),
    ),
    "LINE, paid": Row(
        "I wrote it on LINE 3 days ago, too late to unsend?",
        ("unless you have a subscription", "LYP Premium"),
    ),
    "LINE, block": Row(
        "what does blocking someone on LINE do to my messages",
        ("never marked as read", "you stay in their list of friends"),
        ("the profile is gone",),
    ),
    "TikTok, devices": Row(
        "I removed a tiktok message for everybody, did it go from all his devices",
        ("not certain", "Assume that the other person keeps it"),
        ("It goes from every device",),
    ),
    "Tinder, noticed": Row(
        "will my match see it when I delete one message on tinder",
        ("no single message can be deleted", "gone from their matches"),
        ("shows them nothing", "They still have the message"),
    ),
    "Bumble, noticed": Row(
        "will he see it when I delete one message on bumble",
        ("Yes", "no single message can be deleted", "chat was ended"),
        ("shows them nothing",),
    ),
    "Tinder, block": Row(
        "what becomes of my messages on tinder if I block him",
        ("from both sides", "Tap Unmatch"),
        ("stays with them", "Take the message back first"),
    ),
    "Bumble, block": Row(
        "what becomes of my messages on bumble if I block him",
        ("not certain", "Block & Report", "ended the chat"),
        ("stays with them", "Take the message back first"),
    ),
    "Tinder, read": Row(
        "she read it on tinder, can I still take it back",
        ("No, read or not", "only unmatching"),
        ("stays with them",),
    ),
    "Outlook, another organisation": Row(
        "can I recall an outlook mail on my phone",
        ("from outside mostly no", "admin has allowed yours"),
    ),
    "Outlook, noticed": Row(
        "will they notice when I delete a mail in outlook",
        ("by default", "may have them notified", "the old one is back"),
        ("for you alone or for all",),
    ),
    "Gmail, block": Row(
        "what becomes of my mails on gmail if I block him",
        ("Spam", "is not told", "Open a mail from that person"),
        ("the profile is gone", "Take the message back first"),
    ),
    "Gmail, kept": Row(
        "who keeps a copy of a deleted gmail message, google or an admin",
        ("30 days", "25 days", "The recipient has theirs", "Confirmed by Google"),
        ("not found out",),
    ),
    "Gmail, confidential": Row(
        "they have read my gmail, can it still be taken back",
        ("cannot be taken back", "confidential mode"),
        ("stays with them",),
    ),
    "Google Chat, told of a block": Row(
        "what becomes of my messages on google chat if I block him",
        ("can see that they cannot send you messages",),
        ("nobody is told",),
    ),
    "Google Chat, trace": Row(
        "will they notice when I delete a message on google chat",
        ("not certain", "time stamp may be left"),
        ("Very likely",),
    ),
    "Google Chat, first wording": Row(
        "do they see the old text of an edited google chat message",
        ("Most likely not", "updates the message for you and the others"),
    ),
    "Google Messages, chats of two": Row(
        "unsend on google messages",
        ("Most likely yes", "for chats of two no page that was read confirms it"),
        ("Very likely",),
    ),
    "Viber": Row(
        "can I unsend a viber message",
        ("Most likely yes on Viber",),
        ("Perhaps",),
    ),
    "Viber, kept": Row(
        "does viber keep my deleted messages",
        ("not stored on its servers",),
        ("not found out",),
    ),
    "WeChat, told of a block": Row(
        "what becomes of my messages on wechat if I block him",
        ("rejected by the receiver",),
        ("nobody is told", "the profile is gone"),
    ),
    "WeChat, kept": Row(
        "does wechat keep my deleted messages",
        ("for 3 days", "Not certain"),
        ("not found out",),
    ),
    "Zoom, first wording": Row(
        "do they see the old text of an edited zoom chat message",
        ("Most likely not", "Team Chat"),
        ("was not checked",),
    ),
    "Zoom, trace": Row(
        "will they notice when I delete a message on zoom",
        ("Perhaps", "Not certain"),
        ("Very likely",),
    ),
    "Zoom, limit": Row(
        "how long can I delete a message on zoom",
        ("No time limit of Zoom's is known",),
        ("pages for developers",),
    ),
    "Slack, no block": Row(
        "how do i block a person on slack",
        ("cannot be blocked", "Slack has only Hide", "go on writing to you"),
        ("stopped by blocking", "choose Block"),
    ),
    "Teams, no block": Row(
        "if i block a coworker in teams are my messages gone",
        ("cannot be blocked", "only people from outside", "personal account"),
        ("stopped by blocking", "choose Block"),
    ),
    "Discord, block": Row(
        "i block somebody on discord, what becomes of my messages",
        ("On servers that you share they still read", "refused with a notice"),
        ("the profile is gone",),
    ),
    "X, block": Row(
        "what becomes of my DMs when i block someone on X",
        ("still sees the posts of a public one", "can see that they are blocked"),
        ("the profile is gone",),
    ),
    "Snapchat, block": Row(
        "what becomes of my chats when i block someone on snapchat",
        ("That is not certain", "contradict each other", "Not certain"),
    ),
    "WhatsApp, edit and see": Row(
        "can i edit a whatsapp message and will they see the old wording",
        ("Yes, you can edit it on WhatsApp for 15 minutes", "most likely cannot open"),
        ("Most likely not on WhatsApp",),
    ),
    "iMessage, edit and see": Row(
        "may i change an imessage and can she read the earlier text",
        ("Yes, you can edit it", "15 minutes", "they can see the old text too"),
    ),
    "Snapchat, edit and see": Row(
        "can i edit a snapchat message and do they see the old one",
        ("Only with a subscription", "5 minutes", "is marked as edited"),
        ("was not checked",),
    ),
    "X, edit and see": Row(
        "can i edit a message on X and do they see the old text",
        ("encrypted X Chat", "an old-style DM not at all", "stay readable"),
    ),
    "X, how long": Row(
        "how much time do i have on X", ("No time limit is known for any of these",)
    ),
    "X, read": Row(
        "does it work on X after she read it", ("No time limit", "read or not")
    ),
    "X, all devices": Row(
        "deleted it on X for everyone, is it gone from all their devices",
        ("It depends on how it was sent", "only on your own side"),
        ("It goes from every device",),
    ),
    "iMessage, noticed": Row(
        "will they notice if i delete a message on imessage",
        ("only Undo Send, which asks nothing, takes it from theirs",),
        ("Not asked for whom",),
    ),
    "Signal, backup": Row(
        "does signal keep a copy of a deleted message",
        ("Only who switched on its backup", "Signal cannot read"),
        ("reported is usually kept",),
    ),
    "Signal, report": Row(
        "what does signal keep of a message that was reported",
        ("the staff get none of its words", "never its words"),
    ),
    "Telegram, steps": Row(
        "how do i delete a telegram message on my iphone",
        ("In a private chat", "(Android)", "(iPhone)", "In a larger group it goes"),
    ),
    "Telegram, noticed": Row(
        "will they notice when i delete a telegram message",
        ("leave no mark", "the admins still see them", "there is no such choice"),
        ("for you alone or for all",),
    ),
    "Telegram, copies": Row(
        "who else keeps a copy of a deleted telegram message, the company or an admin",
        ("Only in a group on Telegram", "48 hours more"),
        ("No, not on the servers",),
    ),
    "Messenger, copies": Row(
        "does meta keep my deleted messenger messages",
        ("encrypted from end to end since December 2023", "Of other chats"),
        ("Yes, a copy can be kept",),
    ),
    "Instagram, copies": Row(
        "does instagram keep deleted messages",
        ("Since May 2026", "Meta can read them"),
        ("Accounts of a company or school",),
    ),
    "Discord, copies": Row(
        "does discord keep deleted messages",
        ("within 45 days", "180 days to two years", "its bots kept"),
        ("that is not public", "Accounts of a company or school"),
    ),
    "Snapchat, copies": Row(
        "does snapchat keep deleted chats",
        ("Perhaps on Snapchat", "promises no time"),
        ("No, not on the servers",),
    ),
    "Snapchat, devices": Row(
        "deleted a snapchat message for everyone, is it gone from all devices",
        ("Perhaps", "without a promise"),
        ("was not checked",),
    ),
    "Slack, devices": Row(
        "deleted it on slack for everyone, is it gone from all their devices",
        ("It normally goes from every device",),
        ("for that device alone",),
    ),
    "WhatsApp, how long": Row(
        "how long can i delete a message on whatsapp",
        ("by one source, for 60 hours by another",),
        ("the menu sometimes has it",),
    ),
    "Discord, left": Row(
        "how long can i delete a message on discord",
        ("as long as you can open the channel",),
    ),
}
ROWS = WRONG | CONDITIONS | NEW | THIRD


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_correction_is_what_people_are_told(row: Row) -> None:
    said = real_bot().ask(row.asked).text
    assert [words for words in row.said if words not in said] == [], said
    assert [words for words in row.not_said if words in said] == [], said
