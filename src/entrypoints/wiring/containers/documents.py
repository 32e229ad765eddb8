"""Makes what takes, judges and gives out papers."""

from __future__ import annotations

from ....domain.documents.use_cases import direct_upload, papers, plain_papers, scanning, sweeping, uploads
from .given import Given, providers


class DocumentUseCases(Given):
    """Makes what takes, judges and gives out papers."""

    add_document = providers.Factory(
        papers.AddDocument, transactions=Given.transactions, ids=Given.ids, rule_packs=Given.rule_packs
    )
    upload_version = providers.Factory(
        direct_upload.UploadVersion,
        transactions=Given.transactions,
        files=Given.files,
        vault=Given.vault,
        scanner=Given.scanner,
    )
    request_upload = providers.Factory(uploads.RequestUpload, transactions=Given.transactions, ids=Given.ids)
    issue_ticket = providers.Factory(uploads.IssueTicket, transactions=Given.transactions, incoming=Given.incoming)
    complete_upload = providers.Factory(
        uploads.CompleteUpload, transactions=Given.transactions, incoming=Given.incoming
    )
    get_upload = providers.Factory(uploads.GetUpload, transactions=Given.transactions)
    scan_upload = providers.Factory(
        scanning.ScanUpload,
        transactions=Given.transactions,
        incoming=Given.incoming,
        files=Given.files,
        vault=Given.vault,
        scanner=Given.scanner,
    )
    scan_forgotten = providers.Factory(scanning.ScanForgotten, transactions=Given.transactions, scan=scan_upload)
    expire_uploads = providers.Factory(sweeping.ExpireUploads, transactions=Given.transactions, incoming=Given.incoming)
    drop_leftovers = providers.Factory(sweeping.DropLeftovers, transactions=Given.transactions, incoming=Given.incoming)
    drop_orphans = providers.Factory(sweeping.DropOrphans, transactions=Given.transactions, files=Given.files)
    answer_document = providers.Factory(papers.AnswerDocument, transactions=Given.transactions)
    check_version = providers.Factory(papers.CheckVersion, transactions=Given.transactions, by_two=Given.by_two)
    judge_document = providers.Factory(
        papers.JudgeDocument, transactions=Given.transactions, rule_packs=Given.rule_packs
    )
    get_document = providers.Factory(papers.GetDocument, transactions=Given.transactions)
    list_documents = providers.Factory(papers.ListDocuments, transactions=Given.transactions)
    link_to_version = providers.Factory(
        papers.LinkToVersion, transactions=Given.transactions, files=Given.files, paper_links=Given.paper_links
    )
    open_paper = providers.Factory(
        papers.OpenPaper, files=Given.files, vault=Given.vault, paper_links=Given.paper_links, clock=Given.clock
    )
    seal_papers = providers.Factory(
        plain_papers.SealPapers, transactions=Given.transactions, files=Given.files, vault=Given.vault
    )
