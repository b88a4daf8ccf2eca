# The room stands alone, and so do its tests.
set(TEST_DEPS scrutiny::services_http scrutiny::ledger_base CURL::libcurl OpenSSL::SSL
              OpenSSL::Crypto z)
