package infra

// Explanation is explanation, for tests of what Explain prints.
var Explanation = explanation
