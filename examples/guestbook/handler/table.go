package main

import (
	"context"
	"crypto/rand"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

const (
	// shown is how many entries the page has.
	shown = 50

	// kept is how long DynamoDB keeps an entry, by its attribute expires.
	kept = 30 * 24 * time.Hour

	// book is the partition key of all entries.
	book = "guestbook"

	// timeFormat begins the sort key, in the order of time.
	timeFormat = "2006-01-02T15:04:05.000Z"
)

// An entry is what a visitor wrote.
type entry struct {
	Name, Text string
	Written    time.Time
}

// A table holds the entries.
type table struct {
	client *dynamodb.Client
	name   string
}

// add stores an entry.
func (t *table) add(ctx context.Context, name, text string) error {
	now := time.Now().UTC()
	_, err := t.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &t.name, Item: map[string]types.AttributeValue{
		"book":    &types.AttributeValueMemberS{Value: book},
		"written": &types.AttributeValueMemberS{Value: now.Format(timeFormat) + " " + rand.Text()},
		"name":    &types.AttributeValueMemberS{Value: name},
		"text":    &types.AttributeValueMemberS{Value: text},
		"expires": &types.AttributeValueMemberN{Value: strconv.FormatInt(now.Add(kept).Unix(), 10)},
	}})
	return err
}

// latest returns the last entries, the newest first, with what was written just now.
func (t *table) latest(ctx context.Context) ([]entry, error) {
	result, err := t.client.Query(ctx, &dynamodb.QueryInput{
		TableName: &t.name, Limit: aws.Int32(shown), ScanIndexForward: aws.Bool(false), ConsistentRead: aws.Bool(true),
		KeyConditionExpression:    aws.String("book = :book"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":book": &types.AttributeValueMemberS{Value: book}},
	})
	if err != nil {
		return nil, err
	}
	entries := make([]entry, len(result.Items))
	for i, item := range result.Items {
		written, err := time.Parse(timeFormat, text(item["written"])[:len(timeFormat)])
		if err != nil {
			return nil, err
		}
		entries[i] = entry{text(item["name"]), text(item["text"]), written}
	}
	return entries, nil
}

// text returns an attribute that is a string.
func text(value types.AttributeValue) string {
	s, ok := value.(*types.AttributeValueMemberS)
	if !ok {
		return ""
	}
	return s.Value
}
