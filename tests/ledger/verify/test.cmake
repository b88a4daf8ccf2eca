set(TEST_DEPS scrutiny::ledger_verify)
