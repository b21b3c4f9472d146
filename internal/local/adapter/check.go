package adapter

// Check returns a *fault.Error about the first variable that the adapter would
// reject, or read as something else than it says.
func Check(variables map[string]string) error {
	_, err := newSettings(variables)
	return err
}
