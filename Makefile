# Everything a person needs: `make demo` shows the main job, `make test` runs all tests.
# Both install what the machine lacks: system packages with apt, Python packages into .venv and .venv-qgis.

SYSTEM_PYTHON ?= /usr/bin/python3
PIP_FLAGS = --quiet --disable-pip-version-check

.PHONY: help demo serve test torture test-training setup system i18n lint bench bench-field bench-service bench-window figures screenshots screenshots-set-up docs package test-qgis matrix clean

help:
	@echo "make demo         run the main job on the embedded simulated valley, through QGIS (build/demo)"
	@echo "                  own data: make demo AREA=area.gpkg MODEL=western-swiss-alps PREDICTORS=\"a.tif b.tif\" OUT=new-folder"
	@echo "make serve        the service for one person on this computer (build/service): database, worker, QGIS Server"
	@echo "make test         set up and run all tests, the engine's and those in QGIS"
	@echo "make torture      kills jobs at their writes and mutates inputs by the thousand (docs/reliability.md)"
	@echo "make test-training  the tests that compare with PyTorch; TRAIN_PYTHON=… uses a Python that has it"
	@echo "make setup        build the engine (.venv/bin/geoplantnet)"
	@echo "make matrix       the tests in QGIS 3.22, 3.40 and 3.44, each in a Debian of its own (root)"
	@echo "make lint         ruff, mypy (engine, service), flake8-qgis, bandit"
	@echo "make i18n         collect the texts of the window into i18n/*.ts and compile them"
	@echo "make docs         the help pages (build/site), with the reference of the algorithms made from the code"
	@echo "make package      the zip that QGIS installs (build/geoplantnet.zip), checked as plugins.qgis.org checks it"
	@echo "make bench        speed and memory on this machine"
	@echo "make bench-service  overhead, 500 jobs at once, coverage, dead workers"
	@echo "make bench-field  packing for the field, its size, forms, and how well plans are spread"
	@echo "make bench-window how quick the panel is, in a real QGIS window"
	@echo "make figures      every figure that README, docs and cards quote, and those that nothing prints"
	@echo "make screenshots  pictures of the real QGIS window into docs/images"
	@echo "make screenshots-set-up  the engine set up from PyPI by the panel's button in a new profile, and the demo"

system:
	@tools/system-packages.sh

setup: .venv/.engine

.venv/.engine: pyproject.toml | system
	@echo "Building the engine in .venv (about 300 MB of Python packages from PyPI)"
	$(SYSTEM_PYTHON) -m venv .venv
	.venv/bin/pip install $(PIP_FLAGS) --editable .
	@touch $@

.venv/.test: .venv/.engine
	.venv/bin/pip install $(PIP_FLAGS) --editable ".[test,lint,service]"
	@touch $@

# PyPI's PyTorch for Linux brings CUDA, several GB; pip's own settings (PIP_INDEX_URL …) choose another build.
TRAIN_PYTHON ?= .venv-train/bin/python

.venv-train/.ready: pyproject.toml | system
	@echo "Installing PyTorch and scikit-learn into .venv-train (several GB where pip finds no CPU build)"
	$(SYSTEM_PYTHON) -m venv .venv-train
	.venv-train/bin/pip install $(PIP_FLAGS) --editable ".[test,train]" torchvision
	@touch $@

test-training: $(if $(filter .venv-train/%,$(TRAIN_PYTHON)),.venv-train/.ready)
	$(TRAIN_PYTHON) -m pytest tests/engine/models tests/training

.venv-qgis/.test: tests/qgis/requirements.txt | system
	$(SYSTEM_PYTHON) -m venv --system-site-packages .venv-qgis
	.venv-qgis/bin/pip install $(PIP_FLAGS) --requirement tests/qgis/requirements.txt
	@touch $@

# Bare `lrelease` is Qt 4's or none on some systems.
LRELEASE = $(firstword $(wildcard /usr/lib/qt5/bin/lrelease /usr/lib/qt6/bin/lrelease) lrelease)
CATALOGUES = $(patsubst %.ts,%.qm,$(wildcard i18n/*.ts))

%.qm: %.ts | system
	$(LRELEASE) -silent $< -qm $@

i18n: system
	tools/collect-texts.sh
	$(MAKE) $(CATALOGUES)

# What is given on make's command line, in quotes; the environment is not read.
given = $(if $(filter command,$(firstword $(origin $(1)))),$(2) '$(subst ','\'',$($(1)))')
DEMO_ARGUMENTS = $(call given,AREA,--area) $(call given,MODEL,--model) $(call given,PREDICTORS,--predictors) \
	$(call given,PREDICTOR_CRS,--predictor-crs) $(call given,RESOLUTION,--resolution) $(call given,OUT,--out)

demo: setup $(CATALOGUES)
	$(SYSTEM_PYTHON) tools/demo.py $(DEMO_ARGUMENTS)

# The service needs Python 3.11; elsewhere its tests skip and say so.
.venv/.service: .venv/.engine
	.venv/bin/pip install $(PIP_FLAGS) --editable ".[service]"
	@touch $@

serve: .venv/.service
	.venv/bin/geoplantnet-service serve

# Tests run beside each other, those of one file in QGIS in one process. Both parts run, whatever the first one says.
TEST_IN_QGIS = QT_QPA_PLATFORM=offscreen .venv-qgis/bin/python -m pytest tests/qgis -n auto --dist loadfile

test: .venv/.test .venv-qgis/.test $(CATALOGUES)
	@engine=passed; qgis=passed; \
	.venv/bin/pytest tests --ignore=tests/qgis -n auto --dist loadgroup || engine=FAILED; \
	$(TEST_IN_QGIS) || qgis=FAILED; \
	echo "Tests of the engine: $$engine. Tests in QGIS: $$qgis."; \
	[ "$$engine$$qgis" = passedpassed ]

torture: .venv/.test
	.venv/bin/python -m tests.torture

test-qgis: .venv/.engine .venv-qgis/.test $(CATALOGUES)
	$(TEST_IN_QGIS)

matrix:
	tools/matrix.sh

lint: .venv/.test
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/flake8 --select=QGS __init__.py geoplantnet_plugin
	.venv/bin/bandit --quiet --recursive __init__.py geoplantnet_plugin

.venv-package/.ready: tools/package-requirements.txt | system
	$(SYSTEM_PYTHON) -m venv .venv-package
	.venv-package/bin/pip install $(PIP_FLAGS) --requirement tools/package-requirements.txt
	@touch $@

package: demo .venv-package/.ready .venv-qgis/.test $(CATALOGUES)
	.venv-package/bin/python tools/package.py
	QT_QPA_PLATFORM=offscreen .venv-qgis/bin/python -m pytest tests/qgis/test_package.py

docs: .venv-package/.ready
	QT_QPA_PLATFORM=offscreen $(SYSTEM_PYTHON) tools/algorithms_reference.py
	NO_MKDOCS_2_WARNING=1 .venv-package/bin/python -m mkdocs build --quiet --clean

bench: .venv/.test
	.venv/bin/python -m benchmarks.run
	.venv/bin/python -m benchmarks.cube
	.venv/bin/python -m benchmarks.tables
	.venv/bin/python -m benchmarks.sharing
	.venv/bin/python -m benchmarks.memory

bench-field: .venv/.test .venv-qgis/.test $(CATALOGUES)
	.venv/bin/python -m benchmarks.field

bench-service: .venv/.test
	.venv/bin/pip install $(PIP_FLAGS) "schemathesis>=4"
	.venv/bin/python -m benchmarks.service

bench-window: .venv/.test
	$(SYSTEM_PYTHON) benchmarks/window.py

screenshots: demo
	$(SYSTEM_PYTHON) tools/screenshots.py
	$(SYSTEM_PYTHON) tools/screenshots_of_field.py
	$(SYSTEM_PYTHON) tools/screenshots_of_panel.py

screenshots-set-up: demo
	$(SYSTEM_PYTHON) tools/screenshots_of_set_up.py

clean:
	rm -rf build .venv .venv-train .venv-qgis .venv-package

figures: .venv/.engine
	.venv/bin/python tools/figures.py --check
