#!/usr/bin/env bash
# Times a training step of stage one beside the official training code, in turns, and compares peak memory.
#
# Both train a synthetic checkpoint of 1.5B with four layers a stack, two rows of 1,024 tokens, in fp32 on the CPU.
# It needs the command line (mvn -B -q -DskipTests package), Python 3.10 or newer with venv, 20 GB of memory and 12 GB
# of disk; PyPI and GitHub, unless --python and --official name what they would bring.
#
#   --work DIR      where everything that is made stays for the next time (target/official-training beside this script)
#   --bundle DIR    an fp32 bundle to train instead, such as that of the demo model: --bundle demo --length 64
#   --length N      tokens of a row (1024)
#   --threads N     of each program (2)
#   --rounds N      steps of each that are timed (5)
#   --warm N        steps of each before the first round (1); small models need some 100 until Java has compiled all
#   --turns HOW     together: both stay open, which takes 30 GB with the synthetic checkpoint; apart: each is opened
#                   anew for its turn, which takes 18 GB (apart; together where a bundle is named)
#   --official DIR  the folder show-o2 of showlab/Show-o at commit 45a5a2d
#   --python FILE   a Python with the packages that this script would install
#   --ours COMMAND  the program to compare, which speaks the protocol of turns.py
#                   (TrainingBenchmark of backend-djl's tests)
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$here/../../.." && pwd)
work=$here/../target/official-training
bundle=
length=1024
threads=2
rounds=5
warm=1
turns=
official=
python=
ours=
commit=45a5a2d

usage() {
  sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0" >&2
  echo "$1" >&2
  exit 2
}

while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || usage "$1: no such option, or its value is missing"
  case $1 in
    --work) work=$2 ;;
    --bundle) bundle=$2 ;;
    --length) length=$2 ;;
    --threads) threads=$2 ;;
    --rounds) rounds=$2 ;;
    --warm) warm=$2 ;;
    --turns) turns=$2 ;;
    --official) official=$2 ;;
    --python) python=$2 ;;
    --ours) ours=$2 ;;
    *) usage "$1: no such option" ;;
  esac
  shift 2
done
[ -n "$turns" ] || turns=$([ -z "$bundle" ] && echo apart || echo together)
mkdir -p "$work"
work=$(cd "$work" && pwd)

# What was begun and not ended is done anew: each part gets its name when it is complete.
if [ -z "$python" ]; then
  python=$work/venv/bin/python
  if [ ! -e "$work/venv.complete" ]; then
    python3 -m venv --clear "$work/venv"
    "$work/venv/bin/pip" --quiet --disable-pip-version-check install torch==2.7.1 transformers==4.51.3 \
      diffusers==0.33.1 accelerate==1.15.0 einops==0.8.2 timm==1.0.31 numpy
    touch "$work/venv.complete"
  fi
fi
if [ -z "$official" ]; then
  official=$work/Show-o/show-o2
  if [ ! -e "$work/official.complete" ]; then
    rm -rf "$work/Show-o"
    git clone --quiet --filter=blob:none --no-checkout https://github.com/showlab/Show-o.git "$work/Show-o" || {
      echo "GitHub cannot be reached: get showlab/Show-o at commit $commit elsewhere, and name its folder show-o2" \
        "with --official" >&2
      exit 1
    }
    git -C "$work/Show-o" sparse-checkout set show-o2/models
    git -C "$work/Show-o" checkout --quiet "$commit"
    touch "$work/official.complete"
  fi
fi
[ -f "$official/models/modeling_showo2_qwen2_5.py" ] || {
  echo "$official is not the folder show-o2 of showlab/Show-o" >&2
  exit 2
}
if [ -z "$bundle" ]; then
  bundle=$work/bundle
  if [ ! -d "$bundle" ]; then
    jar=$project/samples/target/showo2.jar
    rm -rf "$work/checkpoint"
    java -Xmx1g -jar "$jar" synthesize --model=1.5b --layers=4 --out="$work/checkpoint"
    java -Xmx1g -jar "$jar" export --precision=fp32 "$work/checkpoint" "$bundle"
    rm -rf "$work/checkpoint"
  fi
fi
if [ -z "$ours" ]; then
  modules=$project/backend-djl
  # Dependencies within the project are known where it is packaged in the same run.
  (cd "$project" && mvn -B -q -DskipTests package dependency:build-classpath -pl backend-djl -am \
    -Dmdep.outputFile=target/classpath.txt) >&2
  ours="java -Xmx2g -cp $modules/target/test-classes:$modules/target/classes:$(cat "$modules/target/classpath.txt")"
  ours="$ours dev.showo2.backend.djl.TrainingBenchmark $bundle $threads $length"
fi

export OMP_NUM_THREADS=$threads
exec python3 "$here/turns.py" "$rounds" "$warm" "$turns" "$ours" \
  "$python $here/official_training.py $official $bundle $threads $length"
