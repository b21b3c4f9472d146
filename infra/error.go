package infra

import (
	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// An Error reports why a construct can't be defined from its props.
// Constructors panic with it, since they return no error.
type Error = construct.Error
