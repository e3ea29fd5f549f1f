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

# The sentence of a problem document (RFC 9457), still as it stands in JSON.
sentence() {
  [[ $1 =~ \"detail\":\"(([^\"\\]|\\.)*)\" ]] && echo "${BASH_REMATCH[1]}"
}

# Beats three times a lease, until the job is over.
keep() {
  while sleep $((lease_seconds / 3)); do
    (request "/leases/$1/heartbeat" '{}')
  done
}

# The end of an attempt that failed: the message as it stands in JSON, the type, and whether trying again may help.
failure() {
  echo "{\"lease_token\":\"$1\",\"fail\":{\"error\":{\"message\":\"$2\",\"type\":\"$3\"},\"retryable\":$4}}"
}

# Runs the job whose lease comes in on standard input, and prints its end.
run() {
  local token=$1 result keeper
  trap '' INT # Ctrl-C is for the worker, not for the job.
  (request "/leases/$token/heartbeat" '{"progress":{"percent":0,"message":"begun"},"log":"taken by bash"}') > /dev/null
  keep "$token" < /dev/null > /dev/null 2>&1 &
  keeper=$!
  if result=$(handle); then
    echo "{\"lease_token\":\"$token\",\"ack\":{\"result\":$result}}"
  else
    failure "$token" 'the command failed' exit_code true
  fi
  kill "$keeper" 2> /dev/null
  wait "$keeper" 2> /dev/null
}

stopping=
waiting=
trap 'stopping=1; [ -n "$waiting" ] && kill "$waiting" 2> /dev/null' TERM INT

# Ends an attempt and gets the next job, in one call and one commit. An end is answered at once; only who has none waits for a job.
settle() {
  local body="{\"items\":[$end]"
  [ -n "$stopping" ] || body+=",\"lease\":{\"worker\":\"$name\",\"types\":[$types],\"lease_seconds\":$lease_seconds,\"wait_seconds\":$([ -n "$end" ] && echo 0 || echo 30)}"
  if [ -n "$end" ]; then
    (request /leases/settle "$body}") > "$answer"
  else
    request /leases/settle "$body}" > "$answer" &
    waiting=$!
    wait "$waiting" 2> /dev/null
    waiting=
  fi
}

# Waits, unless the worker is told to stop.
pause() {
  [ -n "$stopping" ] && [ -z "$end" ] && return
  sleep "$1" &
  waiting=$!
  wait "$waiting" 2> /dev/null
  waiting=
}

token=
end=
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT
while [ -n "$end" ] || [ -z "$stopping" ]; do
  settle
  text=$(< "$answer")
  case ${text##*$'\n'} in
    200) ;;
    401 | 403) echo "$text" >&2; exit 1 ;;
    400 | 413)
      if [[ $end == *'"ack":'* ]]; then
        # Running again will not change what it prints.
        end=$(failure "$token" "$(sentence "$text")" invalid_result false)
      elif [ -n "$end" ]; then
        echo "a job runs again once its lease is over: $(sentence "$text")" >&2
        end=
      else
        echo "no jobs: $(sentence "$text")" >&2
        pause 10
      fi
      continue
      ;;
    *) pause 1; continue ;;
  esac
  end=
  ends=${text%%\"leases\":*}
  if [[ $ends == *'"code":"invalid-result"'* ]]; then
    (request /leases/settle "{\"items\":[$(failure "$token" "$(sentence "$ends")" invalid_result false)]}") > /dev/null
  fi
  # The token is the first field of the first lease, so the first match is it, whatever the payload holds.
  if [[ $text == *'"leases":['* && ${text#*\"leases\":[} =~ \"lease_token\":\"([A-Za-z0-9_-]+)\" ]]; then
    token=${BASH_REMATCH[1]}
    end=$(run "$token" <<< "${text#*\"leases\":[}")
  fi
done
exit 0
