#!/usr/bin/env bash
# Builds FAISS with AVX2 from Debian's own source package, into the folder given: Debian's binary is a generic build whose fast scan emulates SIMD.
# Use it with: PYTHONPATH=FOLDER/package /usr/bin/python3 peers.py … (compare.py: --faiss FOLDER/package).
# Needs a deb-src line in the apt sources, and: apt-get install python3-faiss python3-numpy python3-dev swig cmake g++ libopenblas-dev dpkg-dev
set -euo pipefail
folder=${1:?folder to build in}
mkdir -p "$folder"
cd "$folder"
apt-get source --download-only faiss
mkdir -p source
tar -xf faiss_*.orig.tar.gz -C source --strip-components 1
cmake -S source -B build -DFAISS_ENABLE_GPU=OFF -DFAISS_ENABLE_PYTHON=ON -DPython_EXECUTABLE=/usr/bin/python3 -DBUILD_TESTING=OFF \
    -DBUILD_SHARED_LIBS=OFF -DFAISS_OPT_LEVEL=avx2 -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS=-march=native -DCMAKE_POSITION_INDEPENDENT_CODE=ON
cmake --build build --target swigfaiss_avx2 --parallel "$(nproc)"
mkdir -p package/faiss
cp source/faiss/python/*.py build/faiss/python/swigfaiss_avx2.py build/faiss/python/_swigfaiss_avx2.so package/faiss/
PYTHONPATH=$folder/package /usr/bin/python3 -c 'import faiss; print("built: FAISS", faiss.__version__, faiss.get_compile_options())'
