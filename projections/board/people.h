// projections/board/people.h
// Persons as they are shown: by name if they hold public office, else by post. Row:
// event.v1.PersonRegistered, its post that of the last office taken up where it says none.
//
// Threads:  pure.
// Tests:    tests/projections/queries
#ifndef SCRUTINY_PROJECTIONS_BOARD_PEOPLE_H_
#define SCRUTINY_PROJECTIONS_BOARD_PEOPLE_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

const Register& PeopleRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_BOARD_PEOPLE_H_
