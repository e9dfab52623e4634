"""What the asker tells to have done already, read from grammar by the real knowledge."""

from __future__ import annotations

import pytest

from bot.nlu.languages.en.deeds import told
from tests.support.books import real_bot

TAKEN_BACK = (
    "I unsent it within two minutes",
    "I made a recall in Outlook this morning",
    "i unsent the whole lot on sunday",
    "we recalled the mail at once",
    "sent it to my ex unsent it 2 min later",
    "unsent within two minutes, does he know",
    "I took it back right away",
    "He took it back for me, is it gone",
    "i pressed unsend on insta and now I worry",
    "I have unsend the picture after one minute",
    "it says you unsent a message",
    "tapped delete for everyone five minutes ago",
    "I withdrew the message yesterday",
    "then I called it back",
    "I did unsend it but she replied",
    "my wife took it back for me",
    "she was online so i unsent it",
    "just hit unsend, does she see anything",
    "Managed to unsend it in time",
    "The mail has already been recalled",
)
DELETED = (
    "done, removed. does she see a line there",
    "I deleted it",
    "I send photo to the wrong aunt and I delete it after two minutes",
    "yesterday I write to my boss, I delete it, he know?",
    "I delete for all but some have seen",
    "need help: posted the invoice in the big channel, deleted it",
    "pasted it into the wrong window, erased it at once",
    "i removed the picture for everyone, she was online",
    "Deleted in a hurry. Do parents still see it in the digest?",
    "wrote to wrong aunt viber deleted says removed",
    "i have deleted my voice note after one hour",
    "i've already removed it",
    "My husband deleted it for me this morning",
    "we erased the photo a minute later",
    "I accidentally sent it to my boss and deleted it",
    "sent a voice note to anna deleted it after 10 sec",
    "She had opened it. I erased it. Too late.",
    "we deleted both of them before breakfast",
    "I deleted one video in the class chat but some had watched",
    "When I deleted it he was online",
    "The message was deleted within ten seconds",
    "it is already deleted on my side, what does she have",
    "It has been deleted, can she still open it",
    "Message deleted, notification stays",
    "Deleted a message in the sales channel, who can read it",
    "deleted in under a minute",
    "Messenger: removed the photo for everyone, still visible on his tablet",
    "I sent it to a wrong group, then removed it quickly",
    "after I deleted it she wrote to me",
    "I deleted it before he came online",
    "what can he see now that I have deleted it",
    "she saw it before I deleted it",
    "I only deleted it an hour later",
    "Sent the price list to a client, wiped it at once",
    "i write to my landlord and i have delete it",
    "I deleted a message by accident",
    "oh no i just deleted the wrong photo",
    "Does he know? I deleted it after 3 minutes",
    "my message was deleted yesterday by me",
    "they were deleted an hour ago",
    "I had it removed and then I removed the second one",
    "Posted it in the wrong channel and removed it after 5 seconds",
    "got rid of it after a second",
    "hi, deleted my tweet, google still shows it",
    "I am glad that I deleted it",
    "I worry since I removed the photo only later",
    "I deleted the last three messages",
    "Can he still read it although I deleted it",
    "I removed the file from the channel",
    "yesterday in the evening deleted it",
    "My son has deleted it on my phone for me",
    "Posted to the wrong channel. Deleted within 20 sec.",
    "Signal - deleted for everyone, other phone was off",
    "so i panicked and deleted it",
    "had sent him a photo and had deleted it right after",
    "Me deleted the message but him see it",
    "was able to delete it",
    "message is deleted now",
)
EDITED = (
    "I edited it, does he see the old text",
    "I have modified my text twice",
    "edited my message a minute later",
    "we corrected the price in it",
    "i changed the wording after she saw it",
)
PENDING = (
    "Recall pending since the morning",
    "recall is still pending",
    "the recall is running, 12 to go",
    "my recall in progress since noon",
)
REFUSED = (
    "recall failed for two people",
    "the recall says failure",
    "the recall was a success with most and a failure with one",
)
IN_VAIN = (
    "pressed unsend on all of them, none of the messages are removed",
    "I removed it and it comes back",
)
REMAINS = (
    "I deleted it for everyone and it is still there",
    "I removed it but she says that it is still on her phone",
)
NOT_TOLD = (
    "if it is unread and I delete it, will they see it",
    "what happens when I delete the message",
    "can I delete it for all",
    "should I wait until I delete it",
    "before I delete it, does he see it",
    "can it be deleted",
    "I want it to be deleted",
    "it was deleted by him",
    "they deleted it",
    "should I have deleted it",
    "does a deleted message come back",
    "what if I deleted it",
    "what happens if i deleted it after he read it",
    "will she see that I deleted it",
    "and can they tell that I removed the photo",
    "he deleted his message, what was it",
    "She unsent something, how do I read it",
    "how do I see deleted messages",
    "is my message deleted",
    "was it deleted",
    "have I deleted it for both",
    "I have not deleted it yet",
    "i never removed it",
    "I haven't unsent it",
    "it must be removed before Monday",
    "I could have deleted it",
    "I wish I had deleted it",
    "had I deleted it she would not know",
    "I deleted the app",
    "I deleted my account",
    "i removed her from the group",
    "I deleted his number",
    "I deleted my comment under the post",
    "I changed my mind",
    "I cancelled the meeting",
    "will it be removed for him too",
    "once deleted, is it gone for good",
    "when a message is deleted, does it leave a trace",
    "can the admin see messages that were deleted",
    "the admin deleted my message",
    "Slack deleted my message without asking",
    "recover unsent messages",
    "can someone see an unsent message",
    "my ex unsent everything",
    "He read it and deleted it",
    "do they get told that I deleted a message",
    "I thought I deleted it",
    "Is a message gone once I have deleted it",
    "who deleted it",
    "I almost deleted it",
    "is it possible to have it deleted",
    "get it deleted",
    "he wants it removed",
    "I need it deleted today",
    "I am going to be removed from the group",
    "a friend deleted a message, what did it say",
    "Deleted messages still show up in search",
    "the deleted text stays in the list",
    "whether I deleted it in time or not",
    "they edited their message",
    "does an edited message show",
    "I changed my number",
    "Can I delete it after he removed me",
    "why was my message removed by a moderator",
    "it says this message was deleted, what did he write",
    "did you delete it",
    "why are deleted messages visible",
    "nothing is deleted",
    "your message was deleted",
    "the message she unsent",
    "Would he be told if I unsent it",
    "how to recall or deleted a chat message",
    "can I have messages older than a week deleted",
    "a community admin on WhatsApp took my message down",
    "does Outlook for Mac have recall",
    "I am not able to delete it",
    "The photo was removed by Instagram",
    "i was removed from the chat",
    "did it get deleted on her side",
)
TOLD = {
    "taken_back": TAKEN_BACK,
    "deleted": DELETED,
    "edited": EDITED,
    "pending": PENDING,
    "refused": REFUSED,
    "in_vain": IN_VAIN,
    "remains": REMAINS,
}


def done(text: str) -> str | None:
    """What a message says was done."""
    parse = real_bot().nlu.parse(text)
    return parse.extraction.asides.get("done")


@pytest.mark.parametrize(
    ("text", "value"),
    [(text, value) for value, texts in TOLD.items() for text in texts],
)
def test_what_the_asker_did_is_read(text: str, value: str) -> None:
    assert done(text) == value


@pytest.mark.parametrize("text", NOT_TOLD)
def test_what_others_did_and_what_is_asked_or_supposed_is_no_deed(text: str) -> None:
    assert done(text) is None


def test_the_verb_alone_at_the_start_is_the_askers() -> None:
    assert told(("erased", "it"), 0, 1, frozenset())
    assert not told(("erased", "the", "app"), 0, 1, frozenset({"app"}))
