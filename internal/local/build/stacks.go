package build

import (
	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// stacks returns the stacks of an assembly as the resolver takes them.
func stacks(of []*assembly.Stack) []template.Stack {
	converted := make([]template.Stack, len(of))
	for i, stack := range of {
		converted[i] = convert(stack)
	}
	return converted
}

func convert(stack *assembly.Stack) template.Stack {
	converted := template.Stack{
		ID:               stack.ID,
		Name:             stack.Name,
		Account:          stack.Account,
		Region:           stack.Region,
		Parameters:       stack.Parameters,
		NotificationARNs: stack.NotificationARNs,
		Template:         stack.Template,
		Nested:           map[string]template.Stack{},
	}
	for logicalID, nested := range stack.Nested {
		converted.Nested[logicalID] = convert(nested)
	}
	return converted
}
