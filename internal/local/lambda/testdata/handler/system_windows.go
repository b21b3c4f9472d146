package main

import "os"

func group() int { return os.Getpid() }

func killSelf() { os.Exit(1) }
