"""Makes what sets prices, takes orders and payments, sends refunds and keeps the books."""

from __future__ import annotations

from ....domain.payments.use_cases import (
    accounting,
    giving_up,
    hearing,
    looking_again,
    ordering,
    paying,
    pricing,
    printing,
    reconciling,
    refunding,
    seeing,
    settling,
)
from .given import Given, providers


class PaymentUseCases(Given):
    """Makes what sets prices, takes orders and payments, sends refunds and keeps the books."""

    set_prices = providers.Factory(pricing.SetPrices, transactions=Given.transactions, ids=Given.ids)
    get_prices = providers.Factory(pricing.GetPrices, transactions=Given.transactions)
    list_prices = providers.Factory(pricing.ListPrices, transactions=Given.transactions)
    quote_order = providers.Factory(ordering.QuoteOrder, transactions=Given.transactions)
    place_order = providers.Factory(
        ordering.PlaceOrder, transactions=Given.transactions, ids=Given.ids, lasting=Given.order_lasting
    )
    get_order = providers.Factory(seeing.GetOrder, transactions=Given.transactions)
    convert_beside = providers.Factory(seeing.ConvertBeside, rates=Given.rates)
    list_orders = providers.Factory(seeing.ListOrders, transactions=Given.transactions)
    settlement = providers.Factory(settling.Settlement, ids=Given.ids, terms=Given.refund_terms)
    ask_for_collection = providers.Factory(paying.Ask, payments=Given.payments, order_page=Given.order_page)
    pay_order = providers.Factory(
        paying.Pay, transactions=Given.transactions, ids=Given.ids, ask=ask_for_collection, settlement=settlement
    )
    give_up_order = providers.Factory(
        giving_up.GiveUp, transactions=Given.transactions, ask=ask_for_collection, settlement=settlement
    )
    cancel_order = providers.Factory(giving_up.CancelOrder, transactions=Given.transactions, give_up=give_up_order)
    expire_orders = providers.Factory(giving_up.ExpireOrders, transactions=Given.transactions, give_up=give_up_order)
    hear_payment = providers.Factory(
        hearing.HearNotice,
        transactions=Given.transactions,
        payments=Given.payments,
        clock=Given.clock,
        ids=Given.ids,
    )
    settle_collection = providers.Factory(
        hearing.SettleCollection, transactions=Given.transactions, payments=Given.payments, settlement=settlement
    )
    ask_for_refund = providers.Factory(
        refunding.AskForRefund, transactions=Given.transactions, ids=Given.ids, terms=Given.refund_terms
    )
    decide_refund = providers.Factory(refunding.DecideRefund, transactions=Given.transactions, settlement=settlement)
    resend_refund = providers.Factory(refunding.ResendRefund, transactions=Given.transactions, settlement=settlement)
    settle_refund_by_hand = providers.Factory(
        refunding.SettleRefundByHand, transactions=Given.transactions, settlement=settlement
    )
    drop_refund = providers.Factory(refunding.DropRefund, transactions=Given.transactions, settlement=settlement)
    postpone_refund = providers.Factory(refunding.PostponeRefund, transactions=Given.transactions)
    list_refunds = providers.Factory(refunding.ListRefunds, transactions=Given.transactions)
    send_refund = providers.Factory(
        refunding.SendRefund, transactions=Given.transactions, payments=Given.payments, settlement=settlement
    )
    look_at_payments_again = providers.Factory(
        looking_again.LookAgain,
        transactions=Given.transactions,
        ask=ask_for_collection,
        settlement=settlement,
        settle=settle_collection,
        send_refund=send_refund,
    )
    reconcile = providers.Factory(
        reconciling.Reconcile,
        transactions=Given.transactions,
        ids=Given.ids,
        payments=Given.payments,
        settle=settle_collection,
    )
    list_disputes = providers.Factory(reconciling.ListDisputes, transactions=Given.transactions)
    list_differences = providers.Factory(reconciling.ListDifferences, transactions=Given.transactions)
    export_ledger = providers.Factory(
        accounting.ExportLedger, transactions=Given.transactions, sheets=Given.ledger_sheets
    )
    get_balances = providers.Factory(accounting.GetBalances, transactions=Given.transactions)
    report_money = providers.Factory(accounting.ReportMoney, transactions=Given.transactions)
    print_paper = providers.Factory(
        printing.PrintPaper,
        transactions=Given.transactions,
        messages=Given.messages,
        pictures=Given.pictures,
        typesetting=Given.typesetting,
        seller=Given.seller,
    )
