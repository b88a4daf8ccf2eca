set(TEST_DEPS scrutiny::tools_support scrutiny::proto_rpc scrutiny::ledger_note scrutiny::ledger_merkle scrutiny::ledger_format scrutiny::ledger_base gRPC::grpc++)
