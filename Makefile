# semcache: `make help` lists what can be made.
.DEFAULT_GOAL := help
SHELL := /bin/bash
SWIFT ?= swift
JOBS ?= $(shell nproc)
# Tests that talk to real servers starve when all tests of the suite are begun at once, as is the default.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH ?= 4
PREFIX ?= /usr/local
export PREFIX DESTDIR
# What `semcache --version` says it was built from.
COMMIT = $(shell scripts/commit)
STRICT := -Xswiftc -warnings-as-errors --explicit-target-dependency-import-check error

.PHONY: help setup model build test test-debug test-release test-clients screenshots sanitize invariants fuzz demo bench lint \
	format docs clean install uninstall dist

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: ## Install what is missing: system libraries and the default model
	@scripts/setup

build: setup ## Build the tool in release mode
	@SEMCACHE_COMMIT=$(COMMIT) $(SWIFT) build -c release -j $(JOBS) --product semcache

install: ## Install what `make build` built, with manual page, completions and unit, below PREFIX (and DESTDIR)
	@scripts/install .build/release/semcache

uninstall: ## Take away what `make install` installed
	@scripts/install .build/release/semcache --uninstall

dist: setup ## Make the tarball for Linux, with the licences of all that is in it, in dist/
	@scripts/package

demo: setup ## Run the FAQ bot on questions it has never seen worded that way
	@scripts/demo $(DEMO_FLAGS)

test: setup test-debug test-release ## Run every test, in debug and in release

test-debug:
	$(SWIFT) build -j $(JOBS) --build-tests $(STRICT)
	@scripts/run-tests $(SWIFT) test -j $(JOBS) --skip-build

test-release:
	$(SWIFT) build -c release -j $(JOBS) --build-tests --scratch-path .build-release -Xswiftc -enable-testing
	@scripts/run-tests $(SWIFT) test -c release -j $(JOBS) --skip-build --scratch-path .build-release

test-clients: build ## Run real OpenAI clients from PyPI against the proxy
	@scripts/test-clients

screenshots: build ## Photograph the dashboard with headless Chromium
	@scripts/dashboard-screenshots

sanitize: setup ## Run the concurrent suites under the thread sanitizer, those of the indexes under the address sanitizer
	$(SWIFT) test -j $(JOBS) --sanitize thread --scratch-path .build-tsan -Xswiftc -DSEMCACHE_TSAN --filter '$(RACED)'
	ASAN_OPTIONS=detect_leaks=0 $(SWIFT) test -j $(JOBS) --sanitize address --scratch-path .build-asan \
		--filter '$(SANITIZED)|unlimitedSelection'

SANITIZED ?= FlatIndexTests|IndexStressTests|AutoIndexTests
RACED ?= $(SANITIZED)|ExactCacheTests|SingleFlightTests|FlightTableTests|OpeningRaceTests|InvalidationInFlightTests|$\
	MemoizingEmbedderTests|BatchingEmbedderTests|RedisTierTests.LookupTests

invariants: setup ## Run the tests of the graph with its invariants checked after every change
	$(SWIFT) test -c release -j $(JOBS) --scratch-path .build-checks -Xswiftc -enable-testing \
		-Xswiftc -DSEMCACHE_INTERNAL_CHECKS --filter 'HNSWGraphTests|AutoIndexTests'

fuzz: setup ## Fuzz what reads bytes of others, FUZZ_SECONDS (60) for each target
	@scripts/fuzz --seconds $(or $(FUZZ_SECONDS),60)

bench: setup ## Measure the engine; docs/PERFORMANCE.md names the other benchmarks
	$(SWIFT) run -c release EngineBenchmarks

docs: setup ## Build the documentation of every library with DocC, into .build-docs
	$(SWIFT) build -j $(JOBS) --build-tests $(STRICT)
	scripts/docs

lint: ## Check the format and the arrows between modules
	@$(SWIFT) format lint --strict --parallel -r Package.swift Sources Tests Benchmarks Examples

format: ## Format every file
	@$(SWIFT) format -i --parallel -r Package.swift Sources Tests Benchmarks Examples

clean: ## Remove what was built
	rm -rf .build .build-release .build-tsan .build-asan .build-checks .build-fuzz .build-docs .build-package dist
