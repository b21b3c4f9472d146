package infra

// Explanation is explanation, for tests of what Explain prints.
var Explanation = explanation

// FixedPort is fixedPort, for a table of commands.
var FixedPort = fixedPort
