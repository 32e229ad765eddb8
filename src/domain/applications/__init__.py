"""Applications: one student, one programme, one intake, from draft to enrolment. Deep: what was sent never changes."""
