package infra

// PermitInvocation is permitInvocation, for tests of later versions of CDK.
var PermitInvocation = permitInvocation

// Explanation is explanation, for tests of what Explain prints.
var Explanation = explanation
