# The registers and what they stand on, without the ledger that appends.
set(TEST_DEPS scrutiny::projections_registers scrutiny::projections_engine scrutiny::ledger_format
    scrutiny::ledger_base)
