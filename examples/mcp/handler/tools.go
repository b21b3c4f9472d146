package main

import (
	"context"
	"fmt"
	"time"
	_ "time/tzdata" // Lambda has no time zones

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

func newServer() *mcp.Server {
	server := mcp.NewServer(&mcp.Implementation{Name: "cloudfurl-mcp", Version: "1.0.0"}, nil)
	mcp.AddTool(server, &mcp.Tool{Name: "current_time", Description: "Returns the time in a time zone."}, currentTime)
	mcp.AddTool(server, &mcp.Tool{Name: "days_between", Description: "Counts the days from one date to another."}, daysBetween)
	mcp.AddTool(server, &mcp.Tool{Name: "count_primes", Description: "Counts the primes up to a number, and reports its progress."}, countPrimes)
	return server
}

type zone struct {
	Zone string `json:"zone" jsonschema:"an IANA time zone, such as Europe/Berlin"`
}

type clock struct {
	Time    string `json:"time" jsonschema:"the time in RFC 3339"`
	Weekday string `json:"weekday"`
}

func currentTime(_ context.Context, _ *mcp.CallToolRequest, in zone) (*mcp.CallToolResult, clock, error) {
	location, err := time.LoadLocation(in.Zone)
	if err != nil {
		return nil, clock{}, fmt.Errorf("%w: give an IANA name, such as Europe/Berlin", err)
	}
	now := time.Now().In(location)
	return nil, clock{now.Format(time.RFC3339), now.Weekday().String()}, nil
}

type dates struct {
	From string `json:"from" jsonschema:"a date, such as 2026-11-28"`
	To   string `json:"to" jsonschema:"a date, such as 2026-12-24"`
}

type days struct {
	Days int `json:"days" jsonschema:"negative if the second date is earlier"`
}

func daysBetween(_ context.Context, _ *mcp.CallToolRequest, in dates) (*mcp.CallToolResult, days, error) {
	from, err := time.Parse(time.DateOnly, in.From)
	if err != nil {
		return nil, days{}, err
	}
	to, err := time.Parse(time.DateOnly, in.To)
	if err != nil {
		return nil, days{}, err
	}
	// Not to.Sub(from): a time.Duration ends at 292 years.
	return nil, days{int((to.Unix() - from.Unix()) / (24 * 60 * 60))}, nil
}
