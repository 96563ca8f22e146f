# make run and make test are all a newcomer needs; make help lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PORT ?= 8080
export JAVA_HOME := $(shell .ci/jdk)
MVN := mvn -B -ntp
export ACTION DRY APPROVE ALARM

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1|\2/' | column -t -s '|'

run: jdk ## run the whole product on this machine at PORT (default 8080)
	@PORT=$(PORT) exec local/run

test: jdk ## run every check
	@exec .ci/test

build: jdk ## build the functions and layers
	@$(MVN) -q package -DskipTests

complaints: ## try the complaints on the gateway at BASE_URL (KEY, MODEL, ADAPTER; default: what make run runs)
	@settings=$$(cat target/local/env 2>/dev/null); export $$settings >/dev/null; exec python3 -m suite \
	  "$(or $(BASE_URL),$$WEIR_URL/v1)" --key "$(or $(KEY),$$WEIR_KEY)" \
	  --model $(or $(MODEL),scripted) --adapter $(or $(ADAPTER),$(if $(BASE_URL),none,weir)) --slow

bench: jdk ## measure, side by side in one run, and print the table
	@exec bench/run

soak: jdk ## send 50,000 calls through one environment and watch its memory (make test: 10,000)
	@$(MVN) -q verify -pl bench -am -Dsoak.calls=50000 -Dit.test=SoakIT -Dtest=NONE \
	  -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false

storms: jdk ## let everything go wrong for the state machines, 10,000 times (STORMS), from SEED on
	@$(MVN) -q test -pl statemachines -am -Dtest=StormsTest -Dstorms=$(or $(STORMS),10000) \
	  -Dstorms.seed=$(or $(SEED),1) -Dsurefire.failIfNoSpecifiedTests=false

format: jdk ## format the Java sources
	@$(MVN) -q spotless:apply

drill: jdk ## break what ACTION repairs under make run, and show plan, link and timeline (DRY=1, APPROVE=NAME)
	@exec local/drill

deploy: build ## deploy with sam (CONFIG=dev or prod)
	sam build && sam deploy --config-env $(or $(CONFIG),dev)

clean: ## remove what was built
	@rm -rf target */target */*/target .aws-sam

jdk:
	@test -n "$(JAVA_HOME)" || { .ci/jdk; exit 1; }

.PHONY: help run test build complaints bench soak storms format drill deploy clean jdk
