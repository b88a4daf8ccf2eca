# The room stands on services/http and ledger/merkle alone, and so do its tests.
set(TEST_DEPS scrutiny::services_log scrutiny::services_http scrutiny::ledger_merkle
              scrutiny::ledger_format scrutiny::ledger_base)
