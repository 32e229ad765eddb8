"""The processes behind the API: events become jobs, jobs are carried out."""
