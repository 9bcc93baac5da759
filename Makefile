# On a fresh machine, `make demo` and `make test` work at once: each target first installs the tools that it needs.

CARGO ?= cargo
GUEST = guest/component
COMPONENT = target/component/haul.wasm
FUZZ = tests/fuzz
COMPONENTS = tests/components
WAC = tests/wac
PLUGIN = examples/plugin
CONSUMER = examples/consumer
PACKAGED = host/embed/component/haul.wasm
FUZZ_SECONDS ?=
FUZZ_TARGETS ?=
SOAK ?=
BENCH_ROWS ?=
BENCH_RUNS ?=
BENCH_ACCEPT ?=
AGAINST ?=

.PHONY: build setup demo test sandbox lint docs wit package reproduce sbom bench bench-queue bench-embed faults soak fuzz fuzz-short
.DEFAULT_GOAL := build

## setup: install the tools for building and testing, if they are missing
setup:
	@.ci/setup target peers node

## build: target/release/haul and target/component/haul.wasm
build:
	@.ci/setup target
	$(CARGO) build --release
	@mkdir -p $(dir $(COMPONENT))
	@cp -u target/guest/wasm32-wasip2/release/haul_component.wasm $(COMPONENT)

## demo: a download, killed half-way and resumed, in two ways of running it
demo:
	@.ci/setup target
	$(CARGO) build --release --bin haul --bin wasmtime --bin demo
	@mkdir -p $(dir $(COMPONENT))
	@cp -u target/guest/wasm32-wasip2/release/haul_component.wasm $(COMPONENT)
	@target/release/demo

## test: every test
test:
	@.ci/setup target peers node
	$(CARGO) test --release

## sandbox: tests with hostile components and hostile origins
sandbox:
	@.ci/setup target
	$(CARGO) test --release --test sandbox --test process

## lint: formatting, clippy, and the rules for dependencies
lint:
	@.ci/setup target lint
	$(CARGO) fmt --check
	cd $(GUEST) && $(CARGO) fmt --check
	cd $(FUZZ) && $(CARGO) fmt --check
	cd $(COMPONENTS) && $(CARGO) fmt --check
	cd $(WAC) && $(CARGO) fmt --check
	cd $(PLUGIN) && $(CARGO) fmt --check
	cd $(CONSUMER) && $(CARGO) fmt --check
	$(CARGO) clippy --release --all-targets -- -D warnings
	RUSTDOCFLAGS=-Dwarnings $(CARGO) doc --release --workspace --no-deps
	cd $(GUEST) && $(CARGO) clippy --release --target wasm32-wasip2 --target-dir ../../target/guest -- -D warnings
	cd $(COMPONENTS)/client && $(CARGO) clippy --release --target wasm32-wasip2 --target-dir ../../../target/client -- -D warnings
	cd $(COMPONENTS)/hostile && $(CARGO) clippy --release --target wasm32-wasip2 --target-dir ../../../target/hostile -- -D warnings
	$(CARGO) deny --log-level error check bans licenses sources
	$(CARGO) deny --log-level error --config deny.toml --manifest-path $(GUEST)/Cargo.toml check bans licenses sources

## docs: write the generated pages in docs/
docs: build
	@target/release/docs
	@HAUL_WRITE_DOCS=1 $(CARGO) test --release --test conformance the_page_is_current
	@HAUL_WRITE_DOCS=1 $(CARGO) test --release --test conformance the_page_is_current

## wit: target/wit/deps, the WIT packages of haul and of WASI for components in other languages
wit:
	@.ci/setup target
	@CARGO=$(CARGO) .ci/wit

## package: the published crates, with the component inside, in target/package
package: build
	@mkdir -p $(dir $(PACKAGED))
	@cp $(COMPONENT) $(PACKAGED)
	$(CARGO) package -p haul-core -p haul -p haul-queue -p haul-cli --allow-dirty --no-verify

## reproduce: build the component twice in different folders, and compare the bytes, also with the file AGAINST if it is given
reproduce:
	@.ci/setup target
	@CARGO=$(CARGO) .ci/reproduce $(AGAINST)

## sbom: the bills of materials of the program and of the component, CycloneDX 1.5, in target/sbom
sbom:
	@.ci/setup sbom
	@CARGO=$(CARGO) .ci/sbom

## bench: compare with curl, aria2, wget2 and axel; BENCH_ROWS selects rows, BENCH_RUNS sets the rounds (7), BENCH_ACCEPT=1 writes
## docs/reference/bench.md
bench: build
	@.ci/setup bench-peers
	@target/release/bench $(if $(BENCH_ROWS),--rows '$(BENCH_ROWS)') $(if $(BENCH_RUNS),--runs $(BENCH_RUNS)) $(if $(BENCH_ACCEPT),--accept)

## bench-queue: the cost of calls for queues of different sizes
bench-queue: build
	@target/release/bench-queue

## bench-embed: the cost of an engine for the program that embeds it
bench-embed: build
	@.ci/setup peers
	@target/release/bench-embed

## soak: two hundred kills of one transfer, then a queue of two thousand files under kills, changes and faults for
## SOAK_SECONDS (600); SOAK=queue: the queue only
soak: build
	@target/release/soak $(SOAK)

## faults: the same faults for haul and its peers, and which of them end with the right file
faults: build
	@.ci/setup fault-peers
	@target/release/faults --write docs/reference/faults.md

## fuzz: each target in tests/fuzz, or those in FUZZ_TARGETS, for FUZZ_SECONDS (600), two at a time
fuzz:
	@.ci/setup fuzz
	@CARGO=$(CARGO) FUZZ_SECONDS=$(or $(FUZZ_SECONDS),600) $(FUZZ)/run $(FUZZ_TARGETS)

## fuzz-short: fuzz with 10 s for each target: its corpus and a little more; short enough for CI
fuzz-short:
	@.ci/setup fuzz
	@CARGO=$(CARGO) FUZZ_SECONDS=$(or $(FUZZ_SECONDS),10) $(FUZZ)/run $(FUZZ_TARGETS)
