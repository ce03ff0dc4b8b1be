# SPDX-License-Identifier: Apache-2.0
# The tiers of ./test: what each needs, runs and counts. Sourced by ./test, in its folder, after docs/examples/demo/lib.sh.
# shellcheck shell=bash disable=SC2154

known_tiers=(unit proofs k21 model browser interop sites api load crash mutants constant-time coverage bounds asan presets fuzz fuzz-mutants
  lint fresh evidence)
evidence_tiers=(lint unit proofs model mutants constant-time coverage bounds fuzz fuzz-mutants crash load browser interop sites api)
is_tier() { [[ " ${known_tiers[*]} " == *" $1 "* ]]; }
web_servers() { find docs/examples/demo/web -name '*.sh' -printf '%f\n' | sed 's/\.sh$//' | sort; }
is_web() { [[ -n $1 && -x docs/examples/demo/web/$1.sh ]]; }

# ---- counting

table=() passed_all=0 failed_all=0 steps_file=

# A row of the table, kept in steps_file too where the page of evidence is to read it.
row() { # NAME STATUS SECONDS (and passed, failed)
  table+=("$(printf '  %-12s %8d %8d %9s s' "$1" "$passed" "$failed" "$3")")
  passed_all=$((passed_all + passed)) failed_all=$((failed_all + failed))
  [[ -z $steps_file ]] || printf '%s\t%d\t%d\t%d\t%s\n' "$1" "$passed" "$failed" "$2" "$3" >>"$steps_file"
}

# The file in which a step's runner leaves its result, as JUnit XML.
junit_of() { printf '%s/junit/%s.xml' "$logs" "$1"; } # NAME

# Sets passed and failed from that file. A step without a result is one failure, and so is one that failed and has no failed case.
count() { # NAME STATUS
  read -r passed failed < <(/usr/bin/python3 property_tests/support/junit.py count "$(junit_of "$1")" "$2" 2>>"$logs/$1.log" || echo 0 1)
}

# step NAME COMMAND...: one row of the table. Lines "figure: ..." of its output are repeated for the reader.
step() {
  local name=$1 log=$logs/$1.log start=$EPOCHREALTIME status=0
  shift
  rm -f "$(junit_of "$name")"
  TWINLOCK_JUNIT=$(junit_of "$name") phase "$name" "$log" "$@" || status=$?
  count "$name" "$status"
  sed -n 's/^figure: /      /p' "$log"
  row "$name" "$status" "$(seconds_since "$start")"
  return "$status"
}

# live_step NAME COMMAND...: the same for a command that shows its own progress, and keeps its lines with --log.
live_step() {
  local name=$1 log=$logs/$1.log start=$EPOCHREALTIME status=0
  shift
  rm -f "$(junit_of "$name")"
  set -m
  TWINLOCK_JUNIT=$(junit_of "$name") "$@" --log "$log" </dev/null &
  phase_pid=$!
  set +m
  wait "$phase_pid" || status=$?
  phase_pid=
  count "$name" "$status"
  row "$name" "$status" "$(seconds_since "$start")"
  return "$status"
}

# A step that others stand on: where it fails, the rest of the tier is left out, and the failure is counted.
built() { # PRESET TARGET...
  local preset=$1 start=$EPOCHREALTIME
  shift
  [[ " ${built_presets-} " != *" $preset "* ]] || return 0
  rm -f "$(junit_of "build_$preset")"
  phase "build $preset" "$logs/build_$preset.log" build "$preset" "$@" && { built_presets+=" $preset"; return 0; }
  printf 'failed\tbuild of %s\n' "$preset" |
    TWINLOCK_JUNIT=$(junit_of "build_$preset") /usr/bin/python3 property_tests/support/junit.py lines build >/dev/null || true
  count "build_$preset" 1
  row "build $preset" 1 "$(seconds_since "$start")"
  return 1
}

build() { # PRESET TARGET...
  local preset=$1
  shift
  [[ -e build/$preset/build.ninja ]] || cmake --preset "$preset" || return
  ninja -C "build/$preset" -j "$(nproc)" "$@"
}

summary() {
  printf '\n  %-12s %8s %8s %11s\n' tier passed failed time
  printf '%s\n' "${table[@]}"
  printf '\n%d passed, %d failed\n' "$passed_all" "$failed_all"
  ((failed_all == 0 && passed_all > 0))
}

# ---- what each tier needs

test_packages=(libgtest-dev librapidcheck-dev libfcgi-bin sqlite3 ccache oathtool python3 patch)
site_packages=(libfaketime zbar-tools)
wiki_packages=(dokuwiki php-fpm php-xml) # php-fpm first, or dokuwiki brings Apache's module
client_packages=(libfcgi-client-perl perl spawn-fcgi)
clang_packages=(clang-19 llvm-19 libclang-rt-19-dev)
playwright_home=$PWD/build/browser
clients_home=$PWD/build/clients

# Web servers: those of docs/examples/demo/web, or the one that was asked for.
interop_servers() {
  if [[ -n $interop_server ]]; then echo "$interop_server"; else web_servers; fi
}

# Behind which web servers the slow senders are tried: one that takes bodies in before it asks, and one that hands them on.
slow_servers() {
  if [[ $load_servers == all ]]; then web_servers; else printf '%s\n' nginx caddy; fi
}

web_packages() { docs/examples/demo/web/"$1".sh packages | tr ' ' '\n'; } # SERVER

install_for() { # TIER...
  local packages=("${build_packages[@]}" "${test_packages[@]}" "${serve_packages[@]}") tier web
  mapfile -t -O "${#packages[@]}" packages < <(web_packages nginx)
  for tier in "$@"; do
    case $tier in
      browser | interop | api)
        packages+=("${site_packages[@]}" chromium ca-certificates)
        command -v node >/dev/null || packages+=(nodejs)
        command -v npm >/dev/null || packages+=(npm)
        ;;&
      sites) packages+=("${wiki_packages[@]}") ;;&
      interop | sites)
        [[ $tier == sites ]] || packages+=("${client_packages[@]}" slapd lighttpd-modules-ldap)
        for web in $(interop_servers); do mapfile -t -O "${#packages[@]}" packages < <(web_packages "$web"); done
        ;;
      mutants) packages+=(python3-clang-19 binutils) ;;
      load)
        packages+=("${site_packages[@]}")
        for web in $(slow_servers); do mapfile -t -O "${#packages[@]}" packages < <(web_packages "$web"); done
        ;;
      crash) packages+=("${site_packages[@]}") ;;
      api) packages+=(python3-jsonschema python3-flask python3-waitress) ;;
      fuzz | fuzz-mutants) packages+=("${clang_packages[@]}" zip) ;;
      constant-time) packages+=(clang-19 valgrind binutils) ;;
      coverage) packages+=("${clang_packages[@]}" "${site_packages[@]}" python3-jsonschema) ;;
      presets) packages+=("${clang_packages[@]}" afl++ libbenchmark-dev) ;;
      fresh) packages+=(mmdebstrap git ca-certificates) ;;
      evidence) packages+=(git) ;;
      lint) packages+=(clang-format-14 shellcheck) ;;
    esac
  done
  need_packages "$logs/packages.log" "$install" "${packages[@]}" || exit 1
  PATH=$PATH:/usr/sbin:/sbin
}

# playwright-core drives Debian's Chromium; it is kept under build/, at the version that package.json names.
install_playwright() {
  mkdir -p "$playwright_home"
  cp property_tests/browser/package.json "$playwright_home/"
  (cd "$playwright_home" && npm install --no-package-lock --no-audit --no-fund --ignore-scripts)
}

have_playwright() {
  [[ -e $playwright_home/node_modules/playwright-core ]] &&
    cmp -s property_tests/browser/package.json "$playwright_home/package.json" && return
  [[ $install == true ]] || die "playwright-core is missing and --no-install was given"
  phase playwright "$logs/playwright.log" install_playwright
}

# npm's fastcgi-client, one of the FastCGI clients that others wrote: likewise.
install_clients() {
  mkdir -p "$clients_home"
  cp property_tests/interop/clients/package.json "$clients_home/"
  (cd "$clients_home" && npm install --no-package-lock --no-audit --no-fund --ignore-scripts)
}

have_clients() {
  [[ -e $clients_home/node_modules/fastcgi-client ]] &&
    cmp -s property_tests/interop/clients/package.json "$clients_home/package.json" && return
  [[ $install == true ]] || die "fastcgi-client is missing and --no-install was given"
  phase fastcgi-client "$logs/clients.log" install_clients
}

# ---- the tiers

# For a reader, and for the table; the file of the second is the last option.
node_reporters=(--test-reporter=tap --test-reporter-destination=stdout --test-reporter=junit)

tier_unit() {
  built dev || return 0
  step unit ctest --test-dir build/dev --output-on-failure --output-junit "$(junit_of unit)" -j 2 --no-tests=error || true
  step names /usr/bin/python3 property_tests/support/names.py --build build/dev || true
  step decoy /usr/bin/python3 property_tests/support/decoy.py --build build/dev || true
}

tier_proofs() {
  step proofs property_tests/proofs/prove.sh ${steps_file:+--fresh} || true  # the page speaks of this run, not of the cache
  step same_object property_tests/proofs/same_object.sh || true
  step agree property_tests/proofs/prove.sh --agree || true
}

# The heart of the proofs, for the quick tier.
tier_k21() { step k21 property_tests/proofs/prove.sh k21_step k21_valid k21_clock k21_decision_time || true; }

sixty_days() { # ACCOUNTS
  local word=passed
  build/dev/bin/sixty_days "$1" || word=failed
  printf '%s\tsixty days\n' "$word" | /usr/bin/python3 property_tests/support/junit.py lines sixty_days
}

# unit plays the same with fewer cases. A failure prints the line that replays it.
tier_model() {
  built dev || return 0
  step kernel_model env GTEST_OUTPUT="xml:$(junit_of kernel_model)" RC_PARAMS=max_success=20000 build/dev/bin/kernel_model || true
  step sixty_days sixty_days 10 || true
  step service_model env GTEST_OUTPUT="xml:$(junit_of service_model)" RC_PARAMS=max_success=20000 build/dev/bin/service_model || true
  step service_swarm env GTEST_OUTPUT="xml:$(junit_of service_swarm)" RC_PARAMS=max_success=20000 build/dev/bin/service_swarm || true
}

# generated: empty for the kept mutants; otherwise which of the generated ones. TWINLOCK_PROOF_MUTANTS: K/N, every N-th of
# those that the prover is to see, from the K-th on; unset: all.
tier_mutants() {
  if [[ -n $generated ]]; then
    step generated /usr/bin/python3 property_tests/mutants/generated.py "$generated" || true
    return
  fi
  step mutants /usr/bin/python3 property_tests/mutants/run.py || true
  step adapters /usr/bin/python3 property_tests/mutants/adapters.py || true
  step proof_mutants property_tests/proofs/prove.sh --mutants ${TWINLOCK_PROOF_MUTANTS:+--part "$TWINLOCK_PROOF_MUTANTS"} || true
  step generated_test /usr/bin/python3 property_tests/mutants/generated.py --self-test || true
}

tier_constant-time() {
  step constant-time property_tests/constant_time/run.py || true
  step erased property_tests/erased/run.py || true
}

tier_coverage() {
  built coverage || return 0
  step coverage property_tests/coverage/run.py --build build/coverage --self-test || true
}

tier_bounds() {
  built dev || return 0
  step bounds property_tests/bounds/run.py --build build/dev || true
}

tier_browser() {
  built dev || return 0
  have_playwright
  step browser env TWINLOCK_BUILD="$PWD/build/dev" TWINLOCK_PLAYWRIGHT="$playwright_home" \
    node --test "${node_reporters[@]}" --test-reporter-destination="$(junit_of browser)" property_tests/browser/*.test.mjs || true
}

# One row a kind of test; then what holds behind which server, case by case.
tier_interop() {
  local web webs=()
  built dev || return 0
  have_playwright
  have_clients
  for web in $(interop_servers); do webs+=(--web "$web"); done
  rm -f "$logs/interop_table.txt"
  step interop /usr/bin/python3 property_tests/interop/web/run.py --build build/dev "${webs[@]}" --table "$logs/interop_table.txt" || true
  step gate_removed /usr/bin/python3 property_tests/interop/web/run.py --build build/dev "${webs[@]}" --self-test || true
  step shared_browser /usr/bin/python3 property_tests/interop/shared_browser.py --build build/dev || true
  step doctor_url /usr/bin/python3 property_tests/interop/doctor_url.py --build build/dev "${webs[@]}" || true
  for web in $(interop_servers); do
    step "story_$web" env TWINLOCK_BUILD="$PWD/build/dev" TWINLOCK_PLAYWRIGHT="$playwright_home" TWINLOCK_WEB="$web" \
      node --test "${node_reporters[@]}" --test-reporter-destination="$(junit_of "story_$web")" property_tests/browser/story.test.mjs || true
  done
  step clients /usr/bin/python3 property_tests/interop/clients/run.py --build build/dev --modules build/clients || true
  step ldap /usr/bin/python3 property_tests/interop/ldap.py --build build/dev || true
  [[ ! -e $logs/interop_table.txt ]] || sed 's/^/      /' "$logs/interop_table.txt"
}

# What each recipe lifts or loses of a site that is there already; then whether that would be seen.
tier_sites() {
  built dev || return 0
  rm -f "$logs/sites_table.txt"
  step sites /usr/bin/python3 property_tests/interop/sites/run.py --build build/dev --table "$logs/sites_table.txt" || true
  step sites_test /usr/bin/python3 property_tests/interop/sites/run.py --build build/dev --self-test || true
  step session /usr/bin/python3 property_tests/interop/sites/session.py --build build/dev || true
  step session_test /usr/bin/python3 property_tests/interop/sites/session.py --build build/dev --self-test || true
  [[ ! -e $logs/sites_table.txt ]] || sed 's/^/      /' "$logs/sites_table.txt"
}

tier_api() {
  built dev || return 0
  have_playwright
  step api /usr/bin/python3 property_tests/interop/api_walk.py --build build/dev || true
  step app env TWINLOCK_BUILD="$PWD/build/dev" TWINLOCK_PLAYWRIGHT="$playwright_home" \
    node --test "${node_reporters[@]}" --test-reporter-destination="$(junit_of app)" property_tests/interop/app.test.mjs || true
}

tier_load() {
  built dev || return 0
  local web webs=()
  for web in $(slow_servers); do webs+=(--web "$web"); done
  step load /usr/bin/python3 property_tests/interop/nginx_load.py --build build/dev || true
  rm -f "$logs/slow_table.txt"
  step slow_senders /usr/bin/python3 property_tests/interop/slow_senders.py --build build/dev "${webs[@]}" --table "$logs/slow_table.txt" || true
  [[ ! -e $logs/slow_table.txt ]] || sed 's/^/      /' "$logs/slow_table.txt"
}

tier_crash() {
  built dev || return 0
  step crash /usr/bin/python3 property_tests/interop/nginx_kill.py --build build/dev || true
}

tier_asan() {
  built asan || return 0
  step asan ctest --test-dir build/asan --output-on-failure --output-junit "$(junit_of asan)" -j 2 --no-tests=error || true
}

# The presets that the other tiers build, by what their functions say, and all that there are.
presets_of_other_tiers() {
  local tier
  for tier in "${known_tiers[@]}"; do [[ $tier == presets ]] || declare -f "tier_$tier"; done | sed -nE 's/^ *built ([a-z_]+).*/\1/p'
  declare -f built_fuzz | sed -nE 's/^ *built ([a-z_]+).*/\1/p'
}
all_presets() { cmake --list-presets | sed -nE 's/^ *"([a-z_]+)".*/\1/p'; }

# A preset that no other tier builds: all of it compiles, and its unit tests pass where it has tests.
preset() { # PRESET
  case $1 in
    fuzz*) build "$1" fuzz_targets ;;
    *) build "$1" ;;
  esac || return
  if [[ ! -e build/$1/CTestTestfile.cmake ]]; then
    printf 'passed\tbuild of %s\n' "$1" | /usr/bin/python3 property_tests/support/junit.py lines presets
    return
  fi
  ctest --test-dir "build/$1" -L '^unit$' --output-on-failure --output-junit "$TWINLOCK_JUNIT" -j 2 --no-tests=error
}

# With it, every preset of CMakePresets.json is built by some tier.
tier_presets() {
  local name others found=0
  others=" $(presets_of_other_tiers | paste -sd' ') "
  for name in $(all_presets); do
    found=$((found + 1))
    [[ $others == *" $name "* ]] || step "$name" preset "$name" || true
  done
  ((found > 0)) || { passed=0 failed=1; row presets 1 0; }
}

built_fuzz() { built fuzz fuzz_targets; }

tier_fuzz() {
  built_fuzz || return 0
  live_step fuzz fuzz/campaign.py --bin build/fuzz/bin --work build/fuzz --seconds "$fuzz_s" "$fuzz_target" || true
}

tier_fuzz-mutants() {
  built_fuzz || return 0
  step fuzz-mutants fuzz/check_mutants.py --work build/fuzz_mutants || true
  step fuzz-floors fuzz/campaign.py --bin build/fuzz/bin --work build/fuzz_floors --seconds 5 --without-seeds all || true
  step fuzz-build fuzz/oss_fuzz/check.sh "$PWD/build/oss_fuzz" || true
}

# The tiers before it have run by now (./test puts them there, after evidence_begins); this is the page that says what they showed.
tier_evidence() {
  step page_test /usr/bin/python3 property_tests/evidence/page.py --self-test || true
  step evidence /usr/bin/python3 property_tests/evidence/page.py --logs "$logs" --out build/evidence.html || true
}

# From here on each row is kept; what an earlier run left does not count.
evidence_begins() {
  /usr/bin/python3 property_tests/evidence/page.py --begin --logs "$logs"
  steps_file=$logs/steps.tsv
}

tier_lint() { step lint property_tests/support/lint.sh || true; }

# Each web server's ./run and each tier, in a new root of its own. All but evidence, which would run every tier once more.
tier_fresh() {
  local word script=property_tests/fresh/fresh.sh words=("${fresh_words[@]}")
  if ((${#words[@]} == 0)); then
    mapfile -t words < <(web_servers)
    for word in "${known_tiers[@]}"; do [[ $word == fresh || $word == evidence ]] || words+=("$word"); done
  fi
  step fresh_root "$script" root build/fresh || return 0
  step fresh_killed "$script" killed build/fresh || true
  for word in "${words[@]}"; do
    if is_web "$word"; then step "run_$word" "$script" run build/fresh "$word" || true
    else step "fresh_$word" "$script" test build/fresh "$word" || true; fi
  done
}
