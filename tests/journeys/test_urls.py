"""Every address × role, written by hand. 302 leads to sign-in; an outsider gets 404 for everything of another's case."""

from datetime import timedelta

import html5lib
import pytest
from django.test import Client
from pytest_django import Settings

from grants.applications import formal
from grants.applications.check_ledger import Inquiry
from grants.applications.inquiring import ADDRESSEE, ORDINANCE
from grants.applications.models import Application
from grants.completion.models import CompletionReport
from grants.followup import lives
from grants.followup.models import Asset, Filing
from grants.payments.batches import PaymentBatch
from grants.programmes.models import Sketch
from grants.recovery import collecting
from grants.recovery.models import Recovery
from grants.reviews import recording
from portal import clock
from portal.accounts.models import User
from portal.bulk import planning
from portal.cases.models import Reading
from portal.correspondence.many import MESSAGE
from portal.documents.models import Document
from portal.firms import claims, passing
from portal.notices.models import Notice
from portal.privacy import asking
from portal.workflow.door import begin, perform
from reports.disclosure.binding import prepare
from reports.disclosure.receiving import receive
from reports.statistics.releasing import building
from startups.challenges import writing
from startups.concierge.models import Consultation
from startups.pilots import ledger
from tests.architecture.test_house import FLOORS, routes
from tests.attached import attached
from tests.beginning import begins
from tests.conftest import World, draw_files
from tests.grants import test_call_drafts, test_outages
from tests.grants import test_payments as payments
from tests.grants import test_recovery as recoveries
from tests.grants.test_completion import awarded
from tests.grants.test_reviews import convened
from tests.journeys import rows
from tests.portal.test_closures import proposed
from tests.startups.test_pilots import accepted as agreed_matches
from tools.demonstration.rooms import challenges, pilots, rollouts, seats

ROLES = (
    "anonymous",
    "outsider",
    "applicant",
    "officer",
    "approver",
    "reviewer",
    "finance",
    "auditor",
    "administrator",
)
OFFICE = ROLES[3:]
# pages of the office that show a case, or take out many: who opened which is kept
OF_CASES = frozenset(
    [
        "budget_book_csv",
        "budget_book_xlsx",
        "budget_csv",
        "budget_xlsx",
        "case_officers_csv",
        "data_request_letter",
        "disposal_csv",
        "release_draft_report",
        "settlement_csv",
        "settlement_xlsx",
        "sketch_download",
        "sketch_past",
        "sketch_past_csv",
        "sketch_past_xlsx",
        "programme_past",
        "programme_past_csv",
        "programme_past_xlsx",
        "statistics_live_csv",
        "statistics_live_xlsx",
        "inquiry_answer",
        "case_disclosures",
        "disclosure",
        "disclosure_copy",
        "disclosure_preview",
        "case_export",
        "case_workbook",
        "recovery_list_csv",
        "case",
        "case_zip",
        "dossier",
        "dossier_file",
        "document",
        "document_original",
        "document_page",
        "notice_paper",
        "case_interest",
        "case_readings",
        "case_duties",
        "attempt_honour",
        "do",
        "approval",
        "approval_document",
        "approval_attachment",
        "approval_attachment_original",
        "approval_attachment_page",
        "approval_rows_csv",
        "approval_rows_xlsx",
        "approval_edit",
        "approval_letters",
        "approval_letter",
        "approval_letter_paper",
        "review",
        "convene",
        "ranking",
        "selection_record",
        "selection_record_pdf",
        "completion_cut",
        "completion_recut",
        "completion_uncut",
        "cost_assessment",
        "inspection",
        "batch",
        "batch_check",
        "payment_order",
        "passbook",
        "batch_file",
        "batch_word",
        "bank_word",
        "batch_result",
        "batch_row",
        "recovery_receive",
        "recovery_receipt",
        "recovery_demand",
        "recovery_early",
        "recovery_give_back",
        "assets",
        "asset",
        "asset_life",
        "signal_dismiss",
        "bulk",
        "bulk_report",
        "course",
        "attendance",
        "pilot_indicator",
        "rollout_new",
        "rollout_confirm",
        "rollout_evidence",
    ]
)
P = "302 404 404"  # a page of the office for the three outside
TABLE = {
    # name and arguments                  anonymous outsider applicant officer approver reviewer finance auditor administrator
    "home":                               "200 200 200 200 200 200 200 200 200",
    "call_list":                          "200 200 200 200 200 200 200 200 200",
    "call code":                          "200 200 200 200 200 200 200 200 200",
    "call_check code":                    "200 200 200 200 200 200 200 200 200",
    "call_easy code":                     "200 200 200 200 200 200 200 200 200",
    "call_money code":                    "200 200 200 200 200 200 200 200 200",
    "call_guideline guideline":           "200 200 200 200 200 200 200 200 200",
    "call_calendar code":                 "200 200 200 200 200 200 200 200 200",
    "about about":                        "200 200 200 200 200 200 200 200 200",
    "contact":                            "200 200 200 200 200 200 200 200 200",
    "own_data":                           "302 200 200 200 200 200 200 200 200",
    "own_data_copy":                      "302 200 302 302 302 302 302 302 302",
    "seals":                              "200 200 200 200 200 200 200 200 200",
    "notice_verify":                      "200 200 200 200 200 200 200 200 200",
    "notice_twin paper":                  "200 200 200 200 200 200 200 200 200",
    "demo":                               "200 200 200 200 200 200 200 200 200",
    "demo_progress":                      "200 200 200 200 200 200 200 200 200",
    # the tests' world has no provider of sign-ins
    "openid_connect_login provider":      "404 404 404 404 404 404 404 404 404",
    "openid_connect_callback provider":   "404 404 404 404 404 404 404 404 404",
    "health_live":                        "200 200 200 200 200 200 200 200 200",
    "health_ready":                       "200 200 200 200 200 200 200 200 200",
    "health_metrics":                     "404 404 404 404 404 404 404 404 404",
    "health_whole":                       "503 503 503 503 503 503 503 503 503",
    "keys":                               "405 405 405 405 405 405 405 405 405",
    "my_cases":                           "302 200 200 302 302 302 302 302 302",
    "desk":                               "302 200 200 200 200 200 200 200 200",
    "sign_ins":                           "302 200 200 200 200 200 200 200 200",
    "second_factor_needed":               "302 200 200 200 200 200 200 200 200",
    "second_factor_now":                  "302 200 200 200 200 200 200 200 200",
    "second_factor_offer":                "302 200 200 200 200 200 200 200 200",
    "organisation_new":                   "302 200 200 200 200 200 200 200 200",
    "invitation invited":                 "200 200 200 200 200 200 200 200 200",
    "invitation_accept invited_accept":   "405 405 405 405 405 405 405 405 405",
    "organisation firm":                  "302 404 200 404 404 404 404 404 404",
    "organisation_invite firm":           "302 404 200 404 404 404 404 404 404",
    "fitting firm":                       "302 404 200 404 404 404 404 404 404",
    "fitting_aims firm":                  "302 404 200 404 404 404 404 404 404",
    "fitting_remind firm_remind":         "302 404 200 404 404 404 404 404 404",
    "fitting_hide firm_hide":              "405 405 405 405 405 405 405 405 405",
    "fitting_take_back firm_back":         "405 405 405 405 405 405 405 405 405",
    "search_list":                        "302 200 200 200 200 200 200 200 200",
    "search_keep":                        "405 405 405 405 405 405 405 405 405",
    "search_remove search":               "405 405 405 405 405 405 405 405 405",
    "own_calendar":                       "302 200 200 200 200 200 200 200 200",
    "own_calendar_renew":                 "405 405 405 405 405 405 405 405 405",
    "own_calendar_stop":                  "405 405 405 405 405 405 405 405 405",
    "sign_in_open secret":                "302 302 302 302 302 302 302 302 302",
    "own_calendar_file secret":           "404 404 404 404 404 404 404 404 404",
    "call_feed":                          "200 200 200 200 200 200 200 200 200",
    "call_feed_topic topic":              "200 200 200 200 200 200 200 200 200",
    "news_settings":                      "302 200 200 200 200 200 200 200 200",
    "firm_proof firm":                    "302 404 200 404 404 404 404 404 404",
    "firm_number firm":                   "302 404 200 404 404 404 404 404 404",
    "firm_claim_new":                     "302 200 200 200 200 200 200 200 200",
    "firm_claim firm_claim":              "302 200 404 404 404 404 404 404 404",
    "firm_claim_answer firm_claim":       "405 405 405 405 405 405 405 405 405",
    "firm_claim_withdraw firm_claim":     "405 405 405 405 405 405 405 405 405",
    "firm_desk":                          f"{P} 200 403 403 403 403 403",
    "firm_staff firm":                    f"{P} 200 403 403 403 403 403",
    "firm_namesake firm_pair":           "405 405 405 405 405 405 405 405 405",
    "firm_claim_staff firm_claim":        f"{P} 200 403 403 403 403 403",
    "firm_passing_object passing":        "302 404 302 404 404 404 404 404 404",
    "firm_passing_confirm passing":       "405 405 405 405 405 405 405 405 405",
    "firm_passing_take_back passing":     "405 405 405 405 405 405 405 405 405",
    "firm_letters_print":                 "405 405 405 405 405 405 405 405 405",
    "firm_letters_posted":                "405 405 405 405 405 405 405 405 405",
    "firm_letters_drop":                  "405 405 405 405 405 405 405 405 405",
    "firm_factor_letter firm_person":     "405 405 405 405 405 405 405 405 405",
    "membership_end firm_member":         "302 404 200 404 404 404 404 404 404",
    "invitation_take_back firm_invitation": "405 405 405 405 405 405 405 405 405",
    "delegation_end firm_delegation":     "302 404 200 404 404 404 404 404 404",
    "application_start code":             "302 302 200 404 404 404 404 404 404",
    "application_tasks draft":            "302 404 200 404 404 404 404 404 404",
    "application_sharing draft":          "302 404 200 404 404 404 404 404 404",
    "application_officers draft":         "302 404 200 404 404 404 404 404 404",
    "application_documents draft":        "302 404 200 404 404 404 404 404 404",
    "application_review draft":           "302 404 200 404 404 404 404 404 404",
    "application_section draft_plan":     "302 404 200 404 404 404 404 404 404",
    "application_autosave draft_autosave":    "405 405 405 405 405 405 405 405 405",
    "costs_paste draft":                  "302 404 200 404 404 404 404 404 404",
    "costs_workbook draft":               "302 404 200 404 404 404 404 404 404",
    "application_amend case":             "302 404 200 404 404 404 404 404 404",
    "application_amend_stop case":        "302 404 200 404 404 404 404 404 404",
    "application_pdf draft":              "302 404 200 404 404 404 404 404 404",
    "application_discard draft":          "302 404 200 404 404 404 404 404 404",
    "application_done case":              "302 404 200 404 404 404 404 404 404",
    "extension_ask extension":          "302 404 200 404 404 404 404 404 404",
    "remark_answer remark":         "405 405 405 405 405 405 405 405 405",
    "document_instead draft_instead":     "405 405 405 405 405 405 405 405 405",
    "document_issued draft_issued":       "405 405 405 405 405 405 405 405 405",
    "late_papers late":                   "302 404 200 404 404 404 404 404 404",
    "late_paper_move late_move":          "405 405 405 405 405 405 405 405 405",
    "late_paper_set_aside late_one":      "405 405 405 405 405 405 405 405 405",
    "document_reuse draft_document":      "405 405 405 405 405 405 405 405 405",
    "document_remove draft_document":     "405 405 405 405 405 405 405 405 405",
    "case case":                          "302 404 200 200 200 404 404 200 404",
    "case_zip case":                      "302 404 200 200 200 404 404 200 404",
    "case money":                         "302 404 200 200 200 404 200 200 404",
    "dossier case":                       f"{P} 200 200 403 404 200 403",
    "dossier_file dossier_form":           f"{P} 302 302 403 404 302 403",
    "disclosure_desk":                     f"{P} 200 200 403 403 200 403",
    "case_disclosures case":               f"{P} 200 200 403 403 200 403",
    "disclosure disclosure":               f"{P} 200 200 403 403 200 403",
    "disclosure_preview disclosure":       f"{P} 200 200 403 403 200 403",
    "disclosure_parts disclosure_parts":   f"{P} 200 403 403 403 403 403",
    "disclosure_sheet disclosure_sheet":   f"{P} 200 200 403 403 200 403",
    "disclosure_picture disclosure_picture": f"{P} 200 200 403 403 200 403",
    "disclosure_line disclosure_line":     f"{P} 200 403 403 403 403 403",
    "disclosure_copy disclosure":          f"{P} 200 200 403 403 200 403",
    "case_zip money":                     "302 404 200 200 200 404 200 200 404",
    "case pilot":                         "302 404 200 200 200 404 404 200 404",
    "case declared":                      "302 404 404 200 200 200 404 200 404",
    "case_zip declared":                  "302 404 404 200 200 200 404 200 404",
    "document declared_document":         "302 404 404 200 200 200 404 200 404",
    "document undeclared_document":       "302 404 404 200 200 404 404 200 404",
    "document document":                  "302 404 200 200 200 404 404 200 404",
    "document_original document":         "302 404 200 200 200 404 404 200 404",
    "document_page document_page":        "302 404 200 200 200 404 404 200 404",
    "upload_ticket case":                "405 405 405 405 405 405 405 405 405",
    "notice_paper notice":                "302 404 200 200 200 404 404 200 404",
    "do withdraw":                        "302 404 200 403 403 404 404 403 404",
    "message_write case":                 "405 405 405 405 405 405 405 405 405",
    "inbox":                              f"{P} 200 200 200 200 200 403",
    "save_view":                          "405 405 405 405 405 405 405 405 405",
    "case_list":                          f"{P} 200 200 200 200 200 403",
    "case_export":                        f"{P} 200 200 200 200 200 403",
    "case_officers":                      f"{P} 200 200 403 403 200 403",
    "case_officers_csv":                  f"{P} 200 200 403 403 200 403",
    "case_workbook":                      f"{P} 200 200 200 200 200 403",
    "case_columns":                       "405 405 405 405 405 405 405 405 405",
    "view_remove list_view":              "405 405 405 405 405 405 405 405 405",
    "case_bulk":                          f"{P} 200 200 403 200 403 403",
    "bulk plan":                          f"{P} 200 404 403 404 403 403",
    "bulk_report plan":                   f"{P} 200 404 403 404 403 403",
    "case_take case":                     "405 405 405 405 405 405 405 405 405",
    "case_interest case":                 f"{P} 200 200 404 404 403 403",
    "case_sample":                        f"{P} 403 403 403 403 302 403",
    "reading_list":                       f"{P} 403 403 403 403 200 403",
    "case_readings case":                 f"{P} 200 200 403 403 200 403",
    "case_duties case":                   f"{P} 200 200 403 404 200 403",
    "defect_raise case":                  "405 405 405 405 405 405 405 405 405",
    "defect_resolve defect":              "405 405 405 405 405 405 405 405 405",
    "checks_note case":                   "405 405 405 405 405 405 405 405 405",
    "check_note case_tax":                "405 405 405 405 405 405 405 405 405",
    "check_go_on case_go_on":              "405 405 405 405 405 405 405 405 405",
    "attempt_honour case_attempt":        f"{P} 200 403 403 403 403 403",
    "attempt_list":                       f"{P} 200 403 403 403 403 403",
    "paper_new":                          f"{P} 200 403 403 403 403 403",
    "inquiry":                            f"{P} 200 403 403 403 403 403",
    "inquiry_answer inquiry":             f"{P} 200 403 403 403 403 403",
    "approval_list":                      f"{P} 200 200 403 200 200 403",
    "approval approval":                  f"{P} 200 200 403 404 200 403",
    "approval_document approval":         f"{P} 200 200 403 404 200 403",
    "approval_attach back":               "405 405 405 405 405 405 405 405 405",
    "approval_detach detached":           "405 405 405 405 405 405 405 405 405",
    "approval_attachment attached":       f"{P} 200 200 403 404 200 403",
    "approval_attachment_original attached_original": f"{P} 200 200 403 404 200 403",
    "approval_attachment_page attached_page": f"{P} 200 200 403 404 200 403",
    "approval_rows_csv approval":         f"{P} 200 200 403 404 200 403",
    "approval_rows_xlsx approval":        f"{P} 200 200 403 404 200 403",
    "approval_letters approval":          f"{P} 200 200 403 404 200 403",
    "approval_letter letter":             f"{P} 200 200 403 404 200 403",
    "approval_letter_paper letter_paper": f"{P} 200 200 403 404 200 403",
    "approval_edit returned":             f"{P} 200 302 403 403 403 403",
    "approval_look_over approval":        "405 405 405 405 405 405 405 405 405",
    "approval_draft":                     f"{P} 404 404 403 403 403 403",
    "review_list":                        f"{P} 200 200 200 403 200 403",
    "case undeclared":                    "302 404 404 200 200 404 404 200 404",
    "review_autosave review_autosave":    "405 405 405 405 405 405 405 405 405",
    "review review":                      f"{P} 200 200 200 403 200 403",
    "convene call":                       f"{P} 200 403 403 403 403 403",
    "ranking call":                       f"{P} 200 200 403 403 200 403",
    "selection_record selection":         f"{P} 200 200 403 403 200 403",
    "selection_record_pdf selection_pdf": f"{P} 200 200 403 403 200 403",
    "word_list":                          f"{P} 200 403 403 403 200 200",
    "word_remove search_word":                   "405 405 405 405 405 405 405 405 405",
    "programme_list":                     f"{P} 200 200 200 200 200 403",
    "programme_page programme":           f"{P} 200 200 200 200 200 403",
    "programme_edit programme":           f"{P} 200 403 403 403 403 403",
    "programme_new programme":            f"{P} 200 403 403 403 403 403",
    "programme_empty":                    f"{P} 200 403 403 403 403 403",
    "sketch_begin programme":             "405 405 405 405 405 405 405 405 405",
    "sketch sketch":                      f"{P} 200 403 403 403 403 403",
    "sketch_part sketch_part":            f"{P} 200 403 403 403 403 403",
    "sketch_row sketch_row":              f"{P} 200 403 403 403 403 403",
    "sketch_row_move sketch_row_move":    "405 405 405 405 405 405 405 405 405",
    "sketch_example sketch_example":      f"{P} 200 403 403 403 403 403",
    "sketch_trial sketch_trial":          f"{P} 200 403 403 403 403 403",
    "sketch_past sketch":                 f"{P} 200 403 403 403 403 403",
    "sketch_past_csv sketch":             f"{P} 200 403 403 403 403 403",
    "sketch_past_xlsx sketch":            f"{P} 200 403 403 403 403 403",
    "programme_past programme":           f"{P} 200 403 403 403 403 403",
    "programme_past_csv programme":       f"{P} 200 403 403 403 403 403",
    "programme_past_xlsx programme":      f"{P} 200 403 403 403 403 403",
    "sketch_bank sketch_bank":            f"{P} 200 403 403 403 403 403",
    "sketch_file sketch_file":            f"{P} 200 403 403 403 403 403",
    "sketch_download sketch_download":    f"{P} 200 403 403 403 403 403",
    "programme_wording wording":          f"{P} 200 403 403 403 403 403",
    "programme_specimen specimen":        "405 405 405 405 405 405 405 405 405",
    "call_staff call":                    f"{P} 200 200 200 200 200 403",
    "call_new programme":                 f"{P} 200 403 403 403 403 403",
    "call_end call_end":                  f"{P} 200 403 403 403 403 403",
    "call_amend call_amend":              f"{P} 200 403 403 403 403 403",
    "call_off call_off":                  f"{P} 200 403 403 403 403 403",
    "call_edit unannounced":              f"{P} 200 403 403 403 403 403",
    "closure_list":                       f"{P} 200 200 403 403 200 200",
    "closure_new":                        f"{P} 200 200 403 403 403 200",
    "closure closure":                    f"{P} 200 200 403 403 200 200",
    "closure_confirm closure":            "405 405 405 405 405 405 405 405 405",
    "closure_take_back closure":          "405 405 405 405 405 405 405 405 405",
    "outage_list":                        f"{P} 200 200 403 403 200 200",
    "outage_new":                         f"{P} 200 200 403 403 403 200",
    "outage outage":                      f"{P} 200 200 403 403 200 200",
    "outage_confirm outage":              "405 405 405 405 405 405 405 405 405",
    "outage_take_back outage":            "405 405 405 405 405 405 405 405 405",
    "maintenance_list":                   f"{P} 403 403 403 403 200 200",
    "maintenance_new":                    f"{P} 403 403 403 403 403 200",
    "maintenance_call_off maintenance":   "405 405 405 405 405 405 405 405 405",
    "disposal_list":                      f"{P} 200 200 403 403 200 403",
    "disposal_register":                  f"{P} 200 200 403 403 200 200",
    "disposal_csv":                       f"{P} 200 200 403 403 200 200",
    "mail_settings":                      f"{P} 200 200 200 200 200 200",
    "budget_list":                        f"{P} 200 200 403 200 200 403",
    "budget_accounting":                  f"{P} 403 403 403 200 403 403",
    "budget_accounting_csv":              f"{P} 403 403 403 302 403 403",
    "budget_layout layout":               f"{P} 403 403 403 200 403 403",
    "budget_book":                        f"{P} 200 200 403 200 200 403",
    "budget_book_csv":                    f"{P} 200 200 403 200 200 403",
    "budget_book_xlsx":                   f"{P} 200 200 403 200 200 403",
    "budget_months line":                 f"{P} 200 200 403 200 200 403",
    "budget_csv":                         f"{P} 200 200 403 200 200 403",
    "budget_xlsx":                        f"{P} 200 200 403 200 200 403",
    "budget_classify line":               f"{P} 403 403 403 200 403 403",
    "budget_transfer line":               f"{P} 403 403 403 200 403 403",
    "budget_confirm budget_change":               "405 405 405 405 405 405 405 405 405",
    "budget_take_back budget_change":             "405 405 405 405 405 405 405 405 405",
    "classification_confirm classification":      "405 405 405 405 405 405 405 405 405",
    "classification_take_back classification":    "405 405 405 405 405 405 405 405 405",
    "data_request_new":                   "302 200 200 200 200 200 200 200 200",
    "data_request own_request":           "302 404 200 404 404 404 404 404 404",
    "data_request_letter answered_request": "302 404 200 200 200 404 404 200 404",
    "data_request_desk":                  f"{P} 200 200 403 403 200 403",
    "data_request_enter":                 f"{P} 200 403 403 403 403 403",
    "data_request_staff own_request":     f"{P} 200 200 403 403 200 403",
    "debt_list":                          f"{P} 200 200 403 200 200 403",
    "debt_confirm debt":                  "405 405 405 405 405 405 405 405 405",
    "debt_take_back debt":                "405 405 405 405 405 405 405 405 405",
    "budget_line line":                   f"{P} 200 200 403 200 200 403",
    "completion_start report":            "405 405 405 405 405 405 405 405 405",
    "completion report":                  "302 404 200 302 302 404 302 302 404",
    "completion_autosave report_autosave": "405 405 405 405 405 405 405 405 405",
    "completion_paste report":            "302 404 200 404 404 404 404 404 404",
    "completion_workbook report":         "302 404 200 404 404 404 404 404 404",
    "completion_documents report":        "302 404 200 404 404 404 404 404 404",
    "completion_document_remove report_document": "405 405 405 405 405 405 405 405 405",
    "completion_extension returned_report": "302 404 200 404 404 404 404 404 404",
    "completion_review report":           "302 404 200 404 404 404 404 404 404",
    "completion_cut cut":                 f"{P} 200 403 403 403 403 403",
    "completion_recut recut":             f"{P} 200 403 403 403 403 403",
    "inspection handed_in":               f"{P} 200 403 403 403 403 403",
    "inspection_autosave inspection_autosave": "405 405 405 405 405 405 405 405 405",
    "inspection_remove inspection_remove": "405 405 405 405 405 405 405 405 405",
    "completion_uncut uncut":             f"{P} 200 403 403 403 403 403",
    "cost_assessment assessment":         f"{P} 200 403 403 403 403 403",
    "change_new report":                  "302 404 200 404 404 404 404 404 404",
    "bank_account firm":                  "302 404 200 404 404 404 404 404 404",
    "claim_new money":                    "302 404 200 404 404 404 404 404 404",
    "passbook money":                     "302 404 200 200 404 404 404 404 404",
    "payment_order claim":                f"{P} 403 403 403 200 403 403",
    "payment_desk":                       f"{P} 403 403 403 200 200 403",
    "execution":                          f"{P} 200 200 403 200 200 403",
    "year_end":                           f"{P} 403 403 403 200 200 403",
    "settlement_csv":                     f"{P} 200 200 403 200 200 403",
    "settlement_xlsx":                    f"{P} 200 200 403 200 200 403",
    "batch batch":                        f"{P} 403 403 403 200 200 403",
    "batch_check batch":                  f"{P} 403 403 403 403 403 403",
    "batch_file batch":                   f"{P} 403 403 403 403 403 403",
    "batch_word refused":                   f"{P} 403 403 403 200 200 403",
    "bank_word word":                      f"{P} 403 403 403 200 200 403",
    "batch_result import":                f"{P} 403 403 403 200 200 403",
    "batch_row batch_row":                f"{P} 403 403 403 403 403 403",
    "recovery_list":                      f"{P} 403 403 403 200 200 403",
    "recovery_list_csv":                  f"{P} 403 403 403 200 200 403",
    "recovery_receive recovery":          f"{P} 403 403 403 200 403 403",
    "recovery_demand demand":            f"{P} 403 403 403 200 403 403",
    "recovery_early early":              f"{P} 403 403 403 200 403 403",
    "recovery_ask_later later":           "302 404 200 404 404 404 404 404 404",
    "recovery_give_back given":          f"{P} 403 403 403 200 403 403",
    "recovery_receipt receipt":           f"{P} 403 403 403 200 403 403",
    "recovery_receipt_take_back receipt": "405 405 405 405 405 405 405 405 405",
    "recovery_receipt_keep receipt":      "405 405 405 405 405 405 405 405 405",
    "filing_start filing_start":          "405 405 405 405 405 405 405 405 405",
    "filing filing":                      "302 404 200 404 404 404 404 404 404",
    "filing_documents filing_documents":  "302 404 200 404 404 404 404 404 404",
    "filing_check asked":          "405 405 405 405 405 405 405 405 405",
    "filing_document_remove filing_remove": "405 405 405 405 405 405 405 405 405",
    "assets money":                       "302 404 200 200 200 404 200 200 404",
    "asset asset":                        "302 404 200 200 404 404 404 404 404",
    "signal_dismiss money":               f"{P} 404 403 403 403 403 403",
    "adopt_name case":                    "405 405 405 405 405 405 405 405 405",
    "asset_life asset_life":              f"{P} 200 403 403 403 403 403",
    "life_confirm life":                  "405 405 405 405 405 405 405 405 405",
    "life_take_back life":                "405 405 405 405 405 405 405 405 405",
    "asset_dispose asset_dispose":        "405 405 405 405 405 405 405 405 405",
    "challenge_list":                     "200 200 200 200 200 200 200 200 200",
    "challenge challenge":                "200 200 200 200 200 200 200 200 200",
    "challenge_calendar challenge":       "200 200 200 200 200 200 200 200 200",
    "challenge_follow challenge_follow":  "405 405 405 405 405 405 405 405 405",
    "challenge_ask challenge_ask":        "302 200 200 404 404 404 404 404 404",
    "challenge_desk":                     f"{P} 200 200 200 403 200 403",
    "challenge_new":                      f"{P} 403 403 403 403 403 403",
    "challenge_staff challenge":          f"{P} 200 200 200 403 200 403",
    "challenge_edit planned":           f"{P} 403 403 403 403 403 403",
    "challenge_comment challenge_comment": "405 405 405 405 405 405 405 405 405",
    "challenge_answer challenge_answer":  f"{P} 403 403 403 403 403 403",
    "match_start match_start":            "405 405 405 405 405 405 405 405 405",
    "pilot_list":                         "200 200 200 200 200 200 200 200 200",
    "pilot pilot":                        "200 200 200 200 200 200 200 200 200",
    "pilot_readings pilot":               "200 200 200 200 200 200 200 200 200",
    "pilot_start agreed":            "405 405 405 405 405 405 405 405 405",
    "pilot_indicator pilot_indicator":    f"{P} 403 403 403 403 403 403",
    "pilot_measure pilot":                "302 404 200 404 404 404 404 404 404",
    "pilot_incident pilot":               "302 404 200 404 404 404 404 404 404",
    "pilot_settle pilot_settle":          "302 404 200 404 404 404 404 404 404",
    "pilot_status pilot_status":          "302 404 200 404 404 404 404 404 404",
    "pilot_book pilot":                   "302 404 200 404 404 404 404 404 404",
    "pilot_support pilot_support":        "405 405 405 405 405 405 405 405 405",
    "stages_csv":                         "200 200 200 200 200 200 200 200 200",
    "stages_json":                        "200 200 200 200 200 200 200 200 200",
    "rollout_new rollout_new":            f"{P} 403 403 403 403 403 403",
    "rollout_confirm rollout_confirm":    f"{P} 403 403 403 403 403 403",
    "rollout_evidence rollout_evidence":  f"{P} 200 200 403 200 200 403",
    "course course":                      f"{P} 200 200 403 403 200 403",
    "attendance attendance":              f"{P} 200 403 403 403 403 403",
    "survey survey":                      "302 404 200 404 404 404 404 404 404",
    "offers":                             "200 200 200 200 200 200 200 200 200",
    "consultation_own":                   "302 200 200 200 200 200 200 200 200",
    "consultation_new":                   "302 200 200 200 200 200 200 200 200",
    "consultation consultation":          "302 404 200 404 404 404 404 200 404",
    "consultation_show consultation_show": "405 405 405 405 405 405 405 405 405",
    "consultation_desk":                  f"{P} 403 403 403 403 200 403",
    "statistics":                         "200 200 200 200 200 200 200 200 200",
    "statistics_method":                  "200 200 200 200 200 200 200 200 200",
    "release_list":                       "200 200 200 200 200 200 200 200 200",
    "release release":                    "200 200 200 200 200 200 200 200 200",
    "release_report release":             "200 200 200 200 200 200 200 200 200",
    "release_table release_table":        "200 200 200 200 200 200 200 200 200",
    "release_chart release_chart":        "200 200 200 200 200 200 200 200 200",
    "statistics_live":                    f"{P} 200 200 403 200 200 403",
    "statistics_live_csv":                f"{P} 200 200 403 200 200 403",
    "statistics_live_xlsx":               f"{P} 200 200 403 200 200 403",
    "release_desk":                       f"{P} 200 200 403 200 200 403",
    "release_staff release":              f"{P} 200 200 403 200 200 403",
    "release_preview release":            f"{P} 200 200 403 200 200 403",
    "release_draft_report release":       f"{P} 200 200 403 200 200 403",
    "opendata":                           "200 200 200 200 200 200 200 200 200",
    "opendata_dcat":                      "200 200 200 200 200 200 200 200 200",
    "opendata_seals seals":               "200 200 200 200 200 200 200 200 200",
    "awards_360 release":                 "200 200 200 200 200 200 200 200 200",
    "awards_gbizinfo release":            "200 200 200 200 200 200 200 200 200",
    "api_docs":                           "200 200 200 200 200 200 200 200 200",
    "api_openapi":                        "200 200 200 200 200 200 200 200 200",
    "api_programmes":                     "200 200 200 200 200 200 200 200 200",
    "api_programme telework":             "200 200 200 200 200 200 200 200 200",
    "api_calls":                          "200 200 200 200 200 200 200 200 200",
    "api_call code":                      "200 200 200 200 200 200 200 200 200",
    "api_challenges":                     "200 200 200 200 200 200 200 200 200",
    "api_challenge challenge":            "200 200 200 200 200 200 200 200 200",
    "api_releases":                       "200 200 200 200 200 200 200 200 200",
    "api_release release":                "200 200 200 200 200 200 200 200 200",
    "api_table api_table":                "200 200 200 200 200 200 200 200 200",
    "api_nothing nothing":                "404 404 404 404 404 404 404 404 404",
    "jgrants_subsidies":                  "400 400 400 400 400 400 400 400 400",
    "jgrants_subsidy subsidy":            "200 200 200 200 200 200 200 200 200",
    "role_list":                          f"{P} 403 403 403 403 403 200",
    "role_end role":                      f"{P} 403 403 403 403 403 200",
    "role_confirm role_proposal":                  "405 405 405 405 405 405 405 405 405",
    "role_take_back role_proposal":                "405 405 405 405 405 405 405 405 405",
    "role_hand_over":                     f"{P} 403 403 403 403 403 200",
    "duty_exceptions":                    f"{P} 403 403 403 403 200 200",
    "duty_exception_confirm duty_exception":        "405 405 405 405 405 405 405 405 405",
    "duty_exception_take_back duty_exception":      "405 405 405 405 405 405 405 405 405",
    "duty_exception_end duty_exception":            "405 405 405 405 405 405 405 405 405",
    "sessions_end":                       f"{P} 403 403 403 403 403 200",
    "factor_removals":                    f"{P} 200 403 403 403 403 200",
    "factor_removal_confirm factor_removal":        "405 405 405 405 405 405 405 405 405",
    "factor_removal_take_back factor_removal":      "405 405 405 405 405 405 405 405 405",
    "factor_removal_stop secret":         "404 404 404 404 404 404 404 404 404",
    "mail_events":                        f"{P} 200 200 403 403 403 200",
    "unreached_list":                     f"{P} 200 403 403 403 403 200",
    "mail_settle unreached_mail":         "405 405 405 405 405 405 405 405 405",
    "mails_stop said":                    "404 404 404 404 404 404 404 404 404",
    "staff_new":                          f"{P} 403 403 403 403 403 200",
    "ground_list":                        f"{P} 200 200 200 200 200 200",
    "ground_edit municipality":           f"{P} 403 403 403 403 403 200",
    "ground_confirm ground":              "405 405 405 405 405 405 405 405 405",
    "ground_take_back ground":            "405 405 405 405 405 405 405 405 405",
    "notices_to_post":                    f"{P} 200 403 403 403 403 403",
    "notices_posted":                     "405 405 405 405 405 405 405 405 405",
    "letterhead_list":                    f"{P} 200 200 403 403 200 200",
    "letterhead_edit municipality":       f"{P} 403 403 403 403 403 200",
    "letterhead_confirm ground":          "405 405 405 405 405 405 405 405 405",
    "letterhead_take_back ground":        "405 405 405 405 405 405 405 405 405",
    "rule_list":                          f"{P} 200 200 200 200 200 200",
    "rule_edit municipality":             f"{P} 403 403 403 403 403 200",
    "rule_confirm rule":                  "405 405 405 405 405 405 405 405 405",
    "rule_take_back rule":                "405 405 405 405 405 405 405 405 405",
    "absence_list":                       f"{P} 200 200 200 200 200 200",
    "absence_end absence":                "405 405 405 405 405 405 405 405 405",
    "deputy_list":                        f"{P} 200 200 200 200 200 200",
    "deputy_confirm deputy":              "405 405 405 405 405 405 405 405 405",
    "deputy_end deputy":                  "405 405 405 405 405 405 405 405 405",
    "record":                             f"{P} 403 403 403 403 200 200",
    "record_verify":                      "405 405 405 405 405 405 405 405 405",
    "failed_jobs":                        f"{P} 403 403 403 403 403 200",
    "failed_job_again nothing_failed":    "405 405 405 405 405 405 405 405 405",
}  # fmt: skip  # one row an address


def named(world: World) -> tuple[User, dict[str, str]]:
    """The representative of the firm that most rows are about, and real paths for the arguments of
    the table.
    """
    application, person = world.submitted()
    draft, _person = world.draft(call=world.call("telework", round_no=2))
    draft.case.organisation = application.case.organisation
    draft.case.save()
    world.people["representative"] = person
    panel, (declared, undeclared) = convened(world, 2)
    review = panel.reviews.get(reviewer=world.staff["reviewer"], application=undeclared)
    perform(
        panel.reviews.get(reviewer=world.staff["reviewer"], application=declared),
        "declare",
        by=world.staff["reviewer"],
    )
    recording.keep(declared, world.director)
    selection = panel.call.selection_records.get().pk
    accepted, _p = world.accepted()
    approval = world.approval("award", [accepted])
    back = perform(
        world.approval("award", [world.accepted()[0]]), "send_back", by=world.director, reason="x"
    )
    plan_of = f"{back.pk}/attachments/{attached(back, by=world.officer).pk}"
    attempt = draft.attempts.create(
        arrived_at=clock.now(), by=person, draft_hash="x", outcome="failed"
    )
    document = Document.objects.filter(case=application.case).first()
    draw_files(application.case)
    drafted = Document.objects.filter(case=draft.case).first()
    notice = Notice.objects.get(case=application.case)
    files = {
        name: str(Document.objects.filter(case=a.case)[0].pk)
        for name, a in (("declared_document", declared), ("undeclared_document", undeclared))
    }
    firm, case, number = (
        application.case.organisation.pk,
        application.case.number,
        draft.case.number,
    )
    paper, _pp = world.draft(call=world.call("telework", round_no=3))
    paper.case.is_draft = False
    paper.case.save()
    other = paper.attempts.create(
        arrived_at=clock.now(), by=person, draft_hash="x", outcome="failed"
    )
    assert document is not None
    assert drafted is not None
    assert attempt.pk
    claim = claims.make(
        application.case.organisation, by=world.outsider, matter="belongs", words="x"
    )
    made = passing.decide(claim, claims.Decision("hand_over", "x"), by=world.officer)
    call = world.calls["telework"]
    line = call.budget_lines.filter(unit="yen").first()
    award, payee = payments.fixed(world)
    payments.account(world, payee)
    asset = Asset.objects.create(
        award=award, item=1, name="端末", cost=420_000, acquired_on=award.awarded_on, life_years=4
    )
    filing = begin(Filing, by=payee, award=award, kind="use", period=6)
    batch = payments.batched(world, payments.ordered(world, award, payee))
    PaymentBatch.objects.filter(pk=batch.pk).update(pay_on=clock.today())
    taken = batch.imports.create(
        name="r.csv", text="", total=0, started_by=world.staff["accountant"]
    )
    running, _other = awarded(world)
    draft_report = begin(CompletionReport, by=_other, award=running)
    for row in (award.case, running.case):
        row.organisation = application.case.organisation
        row.save()
    revoked, _former = recoveries.paid(world)
    revoked.case.organisation = application.case.organisation
    revoked.case.save()
    world.decided("revoke", [revoked], {"reason": "x", "heard": "x"})
    received = collecting.receive(
        Recovery.objects.get(), amount=1, paid_on=clock.today(), by=world.staff["accountant"]
    )
    standing = call.programme
    sketch = begin(Sketch, by=world.officer, base=standing, seen=standing.version).pk
    money, report = award.case.number, running.case.number
    question = challenges.published(
        challenges.round_of(world.staff), world.staff, "owner", challenges.SNOW
    )
    asked = writing.ask(question, text="x", by=person)
    pilot = pilots.running(
        agreed_matches(world)[0], world.staff, clock.today() - timedelta(days=20)
    )
    pilot.case.organisation = application.case.organisation
    pilot.case.save()
    incident = ledger.report_incident(
        pilot, by=person, happened_on=clock.today(), grave="slight", text="x"
    )
    tried = pilot.case.number
    good = pilots.running(
        agreed_matches(world)[0], world.staff, clock.today() - timedelta(days=100)
    )
    good = pilots.evaluated(good, world.staff, "adopt", clock.today() - timedelta(days=40))
    past = seats.call_of(world.staff, clock.today() - timedelta(days=300), seats=3)
    taught = seats.enrolled(world.sim, past, clock.today() - timedelta(days=290), people=2)
    seats.taught(past, world.staff, clock.today() - timedelta(days=200), absent=set())
    taught.case.organisation = application.case.organisation
    taught.case.save()
    unasked = taught.enrolments.filter(survey=None)[0]
    adopted = rollouts.considered(good, "011002", world.staff, clock.today()).case.number
    release = building.publish(clock.today().year, by=world.officer, approved_by=world.approver)
    plan = planning.plan(world.officer, "message", MESSAGE, [application.case], "/cases/")
    disclosed = receive(
        application.case,
        by=world.officer,
        request_number="1",
        asked="x",
        received_on=clock.today(),
    )
    paged = next(n for n, file in enumerate(disclosed.files) if file["file"])
    prepare(disclosed, paged)
    filings, assets = f"{money}/filings/{filing.pk}", f"{money}/assets/{asset.pk}"
    assert line is not None
    consulted = begin(Consultation, by=person, kind="question", title="x", text="x")
    return person, {
        **files,
        **rows.refused(world),
        **rows.asked(world, award, person),
        **rows.startups(world, question.call),
        **rows.proposals(world, line),
        **rows.own(world),
        **rows.answered(world, person),
        "layout": "011002/out",
        "life": str(lives.propose(asset, 6, "x", by=world.officer).pk),
        **rows.people_of(world, application.case.organisation, person),
        **rows.remarked(world, application.case.organisation),
        **rows.sent_back(world, application.case.organisation),
        **rows.handed_in(world),
        **rows.drafted(draft_report, filing, person),
        "declared": declared.case.number,
        "undeclared": undeclared.case.number,
        "code": call.code,
        "guideline": f"{call.code}/guideline/{call.programme.revision}",
        "paper": notice.code,
        "secret": "no-such-secret",
        "said": "no-such-link",
        "unreached_mail": str(rows.came_back(notice.case, person).pk),
        "topic": "telework",
        "firm": str(firm),
        **{
            f"firm_{name}": f"{firm}/fitting/{call.code}/{act}"
            for name, act in (("remind", "remind"), ("hide", "hide"), ("back", "take-back"))
        },
        "firm_claim": str(claim.pk),
        "passing": str(made.pk),
        "draft": number,
        "draft_plan": f"{number}/plan",
        "draft_autosave": f"{number}/plan/autosave",
        "report_autosave": f"{report}/report/autosave",
        "case": case,
        "draft_document": f"{number}/documents/{drafted.pk}/remove",
        "draft_instead": f"{number}/documents/quote/instead",
        "draft_issued": f"{number}/documents/quote/issued",
        "document": str(document.pk),
        "document_page": f"{document.pk}/pages/0.png",
        "notice": str(notice.pk),
        "withdraw": f"application/{application.pk}/withdraw",
        "case_tax": f"{case}/checks/tax",
        "dossier_form": f"{case}/dossier/pdf",
        "disclosure": disclosed.number,
        "disclosure_parts": f"{disclosed.number}/parts",
        "disclosure_sheet": f"{disclosed.number}/files/{paged}/pages/0",
        "disclosure_picture": f"{disclosed.number}/files/{paged}/pages/0.png",
        "disclosure_line": f"{disclosed.number}/lines/0",
        "own_request": asking.make(kind="disclose", about="x", wanted="", by=person).number,
        "inquiry": str(asked_about(application).pk),
        "case_go_on": f"{case}/checks/tax/go-on",
        "case_attempt": f"{paper.case.number}/attempts/{other.pk}/honour",
        "approval": str(approval.pk),
        "letter": f"{approval.pk}/letters/1",
        "letter_paper": f"{approval.pk}/letters/1-1.pdf",
        "returned": f"{back.pk}/edit",
        "back": str(back.pk),
        "attached": plan_of,
        "attached_original": f"{plan_of}/original",
        "attached_page": f"{plan_of}/pages/0.png",
        "detached": f"{plan_of}/remove",
        "plan": str(plan.pk),
        "review": str(review.pk),
        "review_autosave": f"{review.pk}/autosave",
        "call": str(call.pk),
        "call_end": f"{call.pk}/end",
        "call_amend": f"{call.pk}/amend",
        "call_off": f"{call.pk}/off",
        "unannounced": f"{test_call_drafts.drafted(world).pk}/edit",
        "selection": str(selection),
        "selection_pdf": f"{selection}/pdf",
        "programme": str(call.programme_id),
        "sketch": str(sketch),
        "sketch_part": f"{sketch}/parts/frames",
        "sketch_row": f"{sketch}/rows/frames/0",
        "sketch_row_move": f"{sketch}/rows/frames/0/move",
        "sketch_example": f"{sketch}/example",
        "sketch_trial": f"{sketch}/form",
        "sketch_bank": f"{sketch}/bank",
        "sketch_file": f"{sketch}/file",
        "sketch_download": f"{sketch}/file/sketch.toml",
        "wording": f"{call.programme_id}/papers/rejection",
        "specimen": f"{call.programme_id}/papers/rejection/specimen.pdf",
        "line": str(line.pk),
        "maintenance": "1",
        "outage": str(test_outages.told(world).pk),
        "closure": str(proposed(world, clock.today() + timedelta(days=40)).pk),
        "municipality": "011002",
        "nothing_failed": "1",
        "money": money,
        "report": report,
        "assessment": f"{case}/assessment",
        "filing": filings,
        "filing_documents": f"{filings}/documents",
        "asset": assets,
        "asset_life": f"{assets}/life",
        "asset_dispose": f"{assets}/dispose",
        "filing_start": f"{money}/filings/start/use/6",
        "course": str(past.pk),
        "attendance": f"{past.pk}/course/1",
        "survey": f"{taught.case.number}/survey/{unasked.pk}",
        "rollout_new": f"{good.case.number}/rollout",
        "rollout_confirm": f"{adopted}/tests/open_spec",
        "rollout_evidence": f"{adopted}/evidence.pdf",
        "pilot": tried,
        "pilot_indicator": f"{tried}/ledger/indicators/1",
        "pilot_settle": f"{tried}/ledger/incidents/{incident.pk}",
        "pilot_status": f"{tried}/ledger/months/{pilot.starts_on.year}/{pilot.starts_on.month}",
        "pilot_support": f"{tried}/support/011002",
        "challenge": question.number,
        "match_start": f"{case}/matches/start",
        "consultation": consulted.number,
        "consultation_show": f"{consulted.number}/show",
        "challenge_follow": f"{question.number}/follow",
        "challenge_ask": f"{question.number}/ask",
        "challenge_comment": f"{question.number}/comment",
        "challenge_answer": f"{question.number}/questions/{asked.pk}",
        "release": release.number,
        "release_table": f"{release.number}/tables/awards.csv",
        "release_chart": f"{release.number}/charts/map.svg",
        "about": "privacy",
        "seals": "csv",
        "telework": "telework",
        "api_table": f"{release.number}/tables/awards",
        "nothing": "nothing",
        "subsidy": f"a0SPR{call.pk:013}",
        "claim": f"{award.claims.get().pk}/order",
        "batch": str(batch.pk),
        "batch_row": f"{batch.pk}/rows/1",
        "recovery": f"{Recovery.objects.get().pk}/receive",
        "early": f"{revoked.pk}/early",
        "receipt": str(received.pk),
        "demand": f"{Recovery.objects.get().pk}/demand",
        "later": f"{Recovery.objects.get().pk}/later",
        "given": f"{received.pk}/give-back",
        "import": str(taken.pk),
        "provider": "gbizid",
    }


@pytest.fixture
def addresses(world: World) -> dict[str, str]:
    """Brought once for the tests that are marked `begins(named)`, anew for each other."""
    world.people["representative"], found = (
        world.begun(named) if world.brought is named else named(world)
    )
    return found


# what the accounting officer is answered, where finance is answered otherwise
OF_ACCOUNTING = {
    # its own work
    "batch_check batch": 302,  # all its orders were looked at
    "batch_file batch": 200,
    "batch_row batch_row": 200,
    # finance orders and confirms, many at once, too
    "case_bulk": 403,
    "bulk plan": 403,
    "bulk_report plan": 403,
    "payment_order claim": 403,
    # what finance keeps and reads beside payments
    "budget_accounting": 403,
    "budget_accounting_csv": 403,
    "budget_layout layout": 403,
    "budget_classify line": 403,
    "budget_transfer line": 403,
    "recovery_receive recovery": 403,
    "recovery_demand demand": 403,
    "recovery_early early": 403,
    "recovery_give_back given": 403,
    "recovery_receipt receipt": 403,
    "rollout_evidence rollout_evidence": 403,
    "statistics_live": 403,
    "statistics_live_csv": 403,
    "statistics_live_xlsx": 403,
    "release_desk": 403,
    "release_staff release": 403,
    "release_preview release": 403,
    "release_draft_report release": 403,
}


def asked_about(application: Application) -> Inquiry:
    return Inquiry.objects.create(
        application=application,
        addressee=ADDRESSEE,
        ordinance=ORDINANCE,
        people=1,
        sent_by=User.objects.filter(staff_roles__role="programme_officer")[0],
    )


def fill(route: str, value: str) -> str:
    """The path of a route with its parameters replaced by `value` (which may hold the rest of the path)."""
    head, bracket, rest = route.partition("<")
    if not bracket:
        return f"/{route}"
    tail = rest.partition(">")[2]
    return (
        f"/{head}{value}"
        if "/" in value and "<" in tail
        else f"/{head}{value}{'' if '/' in value and not tail.startswith('.') and '<' not in tail and tail != '/' else tail}"
    )


def paths(addresses: dict[str, str]) -> dict[str, str]:
    ours = {
        entry.name: route
        for route, entry in routes()
        if entry.callback.__module__.split(".")[0] in FLOORS
    }
    found = {}
    for key in TABLE:
        name, _space, argument = key.partition(" ")
        value = addresses.get(argument, "")
        path = fill(ours[name], value)
        found[key] = f"{path}/" if ours[name].endswith("/") and not path.endswith("/") else path
    return found


def test_the_table_names_every_address_of_ours() -> None:
    ours = {
        entry.name
        for _route, entry in routes()
        if entry.callback.__module__.split(".")[0] in FLOORS
    }
    assert {key.partition(" ")[0] for key in TABLE} == ours


@begins(named)
def test_every_address_answers_every_role_as_written(
    world: World, addresses: dict[str, str], settings: Settings
) -> None:
    settings.API_PER_MINUTE = 10_000  # one address asks for all of them within a minute
    people = [
        None,
        world.outsider,
        world.people["representative"],
        world.officer,
        world.director,
        world.staff["reviewer"],
        world.staff["accountant"],
        world.staff["auditor"],
        world.staff["administrator"],
    ]
    clients = [entered(person) for person in people]
    wrong = []
    for key, path in paths(addresses).items():
        for role, client, expected in zip(ROLES, clients, TABLE[key].split(), strict=True):
            before = Reading.objects.count()
            answer = client.get(path)
            kept = Reading.objects.count() > before
            if answer.status_code != int(expected):
                wrong.append(f"{key} ({path}) as {role}: {answer.status_code}, not {expected}")
            name, status = key.partition(" ")[0], answer.status_code
            # the page of a transition tells of the case also where it says why one may not
            is_shown = status == 200 or (name, status) == ("do", 403)
            if kept is not (is_shown and role in OFFICE and name in OF_CASES):
                wrong.append(f"{key} ({path}) as {role}: {'a' if kept else 'no'} reading is kept")
            elif (
                answer.status_code == 200
                and answer.headers["Content-Type"].startswith("text/html")
                and role in ("applicant", "officer", "anonymous")
            ):
                wrong += [f"{path} as {role}: {fault}" for fault in html_faults(answer.content)]
    assert not wrong, "\n".join(wrong)


@begins(named)
def test_accounting_is_answered_as_finance_but_for_what_is_written(
    world: World, addresses: dict[str, str], settings: Settings
) -> None:
    settings.API_PER_MINUTE = 10_000
    client, finance = entered(world.staff["accounting_officer"]), ROLES.index("finance")
    found = {key: client.get(path).status_code for key, path in paths(addresses).items()}
    expected = {key: int(row.split()[finance]) for key, row in TABLE.items()} | OF_ACCOUNTING
    assert {key: status for key, status in found.items() if status != expected[key]} == {}


def entered(person: User | None) -> Client:
    client = Client(raise_request_exception=True)
    if person is not None:
        client.force_login(person)
    return client


def html_faults(content: bytes) -> list[str]:
    """What a strict HTML parser has to say (custom popover attributes are standard and known to it as plain attributes)."""
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(content)
    return [f"{code} at {place}" for place, code, _data in parser.errors][:3]


def test_an_outsider_gets_404_for_every_post_about_anothers_case(world: World) -> None:
    application, _person = world.submitted()
    defect = formal.raise_defect(
        application, by=world.officer, part="x", part_label="x", cite="x", text="x"
    )
    perform(application, "return_for_correction", by=world.officer)
    number = application.case.number
    document = Document.objects.filter(case=application.case).first()
    assert document is not None
    client = Client()
    client.force_login(world.outsider)
    posts = [
        f"/apply/{number}/plan/",
        f"/apply/{number}/plan/autosave/",
        f"/apply/{number}/remarks/1/",
        f"/apply/{number}/extension/",
        f"/apply/{number}/officers/",
        f"/apply/{number}/documents/",
        f"/apply/{number}/documents/{document.pk}/remove/",
        f"/apply/{number}/review/",
        f"/cases/{number}/messages/",
        f"/cases/{number}/defects/",
        f"/cases/{number}/defects/{defect.n}/resolve/",
        f"/cases/{number}/checks/tax/",
        f"/cases/{number}/take/",
        f"/do/application/{application.pk}/withdraw/",
    ]
    assert {path: client.post(path).status_code for path in posts} == dict.fromkeys(posts, 404)
