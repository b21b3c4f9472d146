//go:build unix

package main

import "syscall"

func group() int { return syscall.Getpgrp() }

func killSelf() { syscall.Kill(syscall.Getpid(), syscall.SIGKILL) }
