package construct

import "github.com/aws/constructs-go/constructs/v10"

// A Base is a construct of the CDK, for the constructs of infra to embed.
type Base struct {
	constructs.Construct
}

// ToString returns the construct's path. jsii needs a method to override.
func (b *Base) ToString() *string {
	return b.Node().Path()
}
