package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// parseFlags reads the flags of a command. It prints a mistake as all errors are
// printed, and the usage and the flags for -h.
func parseFlags(flags *flag.FlagSet, usage string, args []string, stdout, stderr io.Writer) error {
	flags.SetOutput(io.Discard)
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		flags.SetOutput(stdout)
		flags.PrintDefaults()
		return err
	case err != nil:
		return usageError(stderr, flags, err)
	}
	var err error
	flags.VisitAll(func(f *flag.Flag) {
		if pairs, ok := f.Value.(*pairsFlag); ok {
			err = cmp.Or(err, pairs.err)
		}
	})
	if err != nil {
		return usageError(stderr, flags, err)
	}
	return nil
}

// usageError prints an error in the arguments of a command.
func usageError(stderr io.Writer, flags *flag.FlagSet, err error) error {
	hint := cmp.Or(fault.HintOf(err), fmt.Sprintf("%q lists the flags", flags.Name()+" -h"))
	fmt.Fprintf(stderr, "error: %v\nhint: %s\n", err, hint)
	return errUsage
}
