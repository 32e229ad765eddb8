"""Short messages by Twilio, over SMS and WhatsApp, and what Twilio reports of them."""
