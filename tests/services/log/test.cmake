# The ledger's log and its witnesses stand on the ledger; what they say is checked by ledger/verify.
set(TEST_DEPS scrutiny::services_log scrutiny::services_http scrutiny::ledger_checkpoint
              scrutiny::ledger_append scrutiny::ledger_verify scrutiny::ledger_note
              scrutiny::ledger_merkle scrutiny::ledger_format scrutiny::ledger_base)
