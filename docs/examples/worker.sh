#!/usr/bin/env bash
# A JobQueue worker in bash. It needs curl and nothing else.
#
#     JOBQUEUE_URL=http://localhost:5080 JOBQUEUE_TOKEN=jq_... bash worker.sh
#
# JOBQUEUE_TYPES names the job types to take, separated by commas (default: greet).
# SIGTERM and Ctrl-C let the running job end first.
set -uo pipefail

url=${JOBQUEUE_URL:-http://localhost:5080}
url=${url%/}
types=\"${JOBQUEUE_TYPES:-greet}\"
types=${types//,/\",\"}
name=$(hostname):$$
lease_seconds=30

# Your work: the lease as JSON comes in on standard input, the result as JSON goes out. A failure ends with another code than 0.
handle() {
  cat > /dev/null
  echo '{"greeting":"Hello from bash!"}'
}

# Posts JSON until the server answers; prints the body and then the status. curl itself repeats what may pass. It takes the
# place of its shell, so that a background request can be ended. The JSON goes in by standard input: a command line is short.
request() {
  exec curl --silent --show-error --max-time 60 --retry 1000 --retry-max-time 600 --retry-connrefused \
    --header "Authorization: Bearer $JOBQUEUE_TOKEN" --header 'Content-Type: application/json' \
    --data-binary @- --write-out '\n%{http_code}' "$url$1" <<< "$2"
}

# Posts JSON. What was refused is printed as the server said it, and is a failure.
post() {
  local answer
  answer=$(request "$@")
  case ${answer##*$'\n'} in
    400 | 413) sentence "$answer"; return 1 ;;
  esac
}

# The sentence of a problem document (RFC 9457), still as it stands in JSON.
sentence() {
  [[ $1 =~ \"detail\":\"(([^\"\\]|\\.)*)\" ]] && echo "${BASH_REMATCH[1]}"
}

# Beats three times a lease, until the job is over.
keep() {
  while sleep $((lease_seconds / 3)); do
    post "/leases/$1/heartbeat" '{}'
  done
}

# Fails an attempt: the message as it stands in JSON, the type, and whether trying again may help.
fail() {
  post "/leases/$1/fail" "{\"error\":{\"message\":\"$2\",\"type\":\"$3\"},\"retryable\":$4}" >&2
}

run() {
  local token=$1 result keeper refused
  post "/leases/$token/heartbeat" '{"progress":{"percent":0,"message":"begun"},"log":"taken by bash"}' >&2
  keep "$token" < /dev/null > /dev/null 2>&1 &
  keeper=$!
  if ! result=$(handle); then
    fail "$token" 'the command failed' exit_code true
  elif ! refused=$(post "/leases/$token/ack" "{\"result\":$result}"); then
    # Running again will not change what it prints.
    fail "$token" "$refused" invalid_result false
  fi
  kill "$keeper" 2> /dev/null
  wait "$keeper" 2> /dev/null
}

stopping=
waiting=
trap 'stopping=1; [ -n "$waiting" ] && kill "$waiting" 2> /dev/null' TERM INT

answer=$(mktemp)
trap 'rm -f "$answer"' EXIT
while [ -z "$stopping" ]; do
  request /leases "{\"worker\":\"$name\",\"types\":[$types],\"lease_seconds\":$lease_seconds,\"wait_seconds\":30}" > "$answer" &
  waiting=$!
  wait "$waiting" 2> /dev/null
  waiting=
  case $(tail -n 1 "$answer") in
    200) ;;
    401 | 403) cat "$answer" >&2; exit 1 ;;
    4*)
      echo "no jobs: $(sentence "$(< "$answer")")" >&2
      sleep 10 &
      waiting=$!
      wait "$waiting" 2> /dev/null
      waiting=
      continue
      ;;
    *) [ -n "$stopping" ] || sleep 1; continue ;;
  esac
  # The token is the first field of the first lease, so the first match is it, whatever the payload holds.
  if [[ $(< "$answer") =~ \"lease_token\":\"([A-Za-z0-9_-]+)\" ]]; then
    run "${BASH_REMATCH[1]}" < "$answer"
  fi
done
exit 0
