"""A mail in the form in which SendGrid takes it (v3 Mail Send)."""

from base64 import b64encode
from email.utils import parseaddr
from typing import Any

from ...ports.internet_mail import unsubscribe_headers
from ...ports.mailbox import Attachment, Mail, one_line

OUR_ID = "higherstudy_message"
"""Under this name our id goes along, and stands in each report of the mail."""


def written(mail: Mail, sender: str) -> dict[str, Any]:
    """Return the body of the request. Nothing in the mail is rewritten or watched: its links may be secret ones."""
    name, address = parseaddr(sender)
    content = [{"type": "text/plain", "value": mail.text}]
    if mail.html:
        content.append({"type": "text/html", "value": mail.html})
    body: dict[str, Any] = {
        "personalizations": [{"to": [{"email": one_line(mail.to)}], "custom_args": {OUR_ID: mail.id}}],
        "from": {"email": address, **({"name": name} if name else {})},
        "subject": one_line(mail.subject),
        "content": content,
        "tracking_settings": {
            "click_tracking": {"enable": False, "enable_text": False},
            "open_tracking": {"enable": False},
            "subscription_tracking": {"enable": False},
        },
    }
    if headers := unsubscribe_headers(mail):
        body["headers"] = headers
    if mail.attachments:
        body["attachments"] = [_attached(one) for one in mail.attachments]
    return body


def _attached(attachment: Attachment) -> dict[str, str]:
    return {
        "content": b64encode(attachment.content).decode(),
        "type": attachment.content_type,
        "filename": one_line(attachment.name),
        "disposition": "attachment",
    }
