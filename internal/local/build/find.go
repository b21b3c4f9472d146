package build

import "github.com/cloudfurl/cloudfurl/internal/local/template"

// find returns the resource of a type whose attribute has a value, and its properties. Without
// such a resource, it is nil.
func find[P any](b *builder, resourceType, attribute, value string) (r *template.Resource, p P, err error) {
	if r, err = b.deployment.Lookup(resourceType, attribute, value); err == nil {
		err = r.Decode(&p, b.log)
	}
	return r, p, err
}

// each calls use with the resources of a type and their properties. If property isn't
// empty, it has the value. The others may belong to another app.
func each[P any](b *builder, resourceType, property, value string, use func(*template.Resource, P) error) error {
	resources, err := b.deployment.ResourcesOfType(resourceType)
	if err != nil {
		return err
	}
	for _, r := range resources {
		if property != "" {
			if own, err := r.Text(property); err != nil || own != value {
				continue
			}
		}
		var p P
		if err := r.Decode(&p, b.log); err != nil {
			return err
		}
		if err := use(r, p); err != nil {
			return err
		}
	}
	return nil
}
