package deployed

import (
	"encoding/json"

	"github.com/cloudfurl/cloudfurl/internal/local/templatefile"
)

// shape turns what an API of AWS returns into the shape that CloudFormation has of it:
// lists without their Quantity, and nothing for what is empty or turned off.
//
// See: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionConfig.html
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cloudfront-distribution-distributionconfig.html
func shape(answer any) any {
	text, err := json.Marshal(answer)
	if err != nil {
		panic(err) // the SDK's types are structs of texts, numbers and lists
	}
	read, _ := templatefile.Decode(text) // numbers keep their text
	return shapeValue(read)
}

// unread are the names of what CloudFormation doesn't have, or calls otherwise, or no rule
// reads.
var unread = []string{"CallerReference", "CacheTagConfig", "CustomHeaders", "IsIPV6Enabled", "OriginSslProtocols", "ResponseHeadersPolicyId"}

// shapeValue returns nil for what is empty.
func shapeValue(value any) any {
	switch value := value.(type) {
	case string:
		if value == "" {
			return nil
		}
	case []any:
		for i := range value {
			value[i] = shapeValue(value[i])
		}
		if len(value) == 0 {
			return nil
		}
	case map[string]any:
		return shapeObject(value)
	}
	return value
}

func shapeObject(object map[string]any) any {
	if methods, ok := object["AllowedMethods"].(map[string]any); ok {
		object["CachedMethods"] = methods["CachedMethods"]
	}
	if _, ok := object["Quantity"]; ok {
		return shapeValue(object["Items"])
	}
	if headers, ok := object["CustomHeaders"]; ok {
		object["OriginCustomHeaders"] = headers
	}
	for _, name := range unread {
		delete(object, name)
	}
	for name, value := range object {
		object[name] = shapeValue(value)
		if value != nil && name == "S3OriginConfig" { // without it, the origin isn't a bucket
			object[name] = map[string]any{}
		}
		if object[name] == nil {
			delete(object, name)
		}
	}
	if enabled, ok := object["Enabled"].(bool); len(object) == 0 || ok && !enabled && len(object) == 1 {
		return nil
	}
	return object
}

// objects returns the objects of a list.
func objects(list any) (found []map[string]any) {
	items, _ := list.([]any)
	for _, item := range items {
		if object, ok := item.(map[string]any); ok {
			found = append(found, object)
		}
	}
	return found
}
