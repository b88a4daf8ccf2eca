# Histories of random facts of every type, folded by every register.
set(TEST_DEPS scrutiny::projections_registers scrutiny::projections_engine scrutiny::ledger_format
    scrutiny::ledger_base)
list(APPEND sources "${CMAKE_CURRENT_SOURCE_DIR}/ledger/format/random_fact.cc")
