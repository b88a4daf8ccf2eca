// projections/queries/public_queries.h
// What is computed when publications and representations are asked for. Listed in people_group.cc.
//
// Threads:  pure; a scope is confined to its query.
// Tests:    tests/projections/public
#ifndef SCRUTINY_PROJECTIONS_QUERIES_PUBLIC_QUERIES_H_
#define SCRUTINY_PROJECTIONS_QUERIES_PUBLIC_QUERIES_H_

#include "absl/status/status.h"

#include "projections/queries/scope.h"
#include "scrutiny/register/v1/publications.pb.h"
#include "scrutiny/register/v1/representations.pb.h"

namespace scrutiny::projections {

// Needs kOfficeSettings.
absl::Status FinishPublication(Scope& scope, register_::v1::PublicationRow* row);
absl::Status FinishRepresentation(Scope& scope, register_::v1::RepresentationRow* row);

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_QUERIES_PUBLIC_QUERIES_H_
