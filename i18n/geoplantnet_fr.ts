<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1">
<context>
    <name>@default</name>
    <message>
        <source>{python} is not a Python interpreter that can be started.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine needs Python {needed} or newer, but {python} is {found}. Install a newer Python and choose it here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{python} lacks some of the packages the engine needs. Install these into it: {packages}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{python} could not make a virtual environment. On Debian and Ubuntu install the package python3-venv, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Some packages of {wheels} could not be installed; the lines above say which.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The packages could not be downloaded and installed; the lines above say why. Without a network, choose a folder of wheels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The environment was built but its packages cannot be loaded; the lines above say why.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The Python interpreter chosen for the engine does not exist any more: {path}. Choose another with “Set up the engine”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine that runs the models is not set up yet. Run “Set up the engine” (GeoPl@ntNet panel or Processing toolbox): it says how large the download is and can also use a Python environment of your own. Existing assessments open without it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine could not be started with {python}: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine stopped unexpectedly (exit code {code}). What it said is in {log}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1  Where</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draw polygon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left click adds a corner, right click finishes, Backspace takes one back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draw rectangle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag a rectangle on the map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Current view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take what the map shows now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No area yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Area layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Selected features only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Area drawn</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draw an area on the map, or choose a polygon layer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} polygons</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The size of this area is not known: check the coordinate system of its layer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{hectares} ha, about {cells} cells of {cell:g} m</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{text}. This is huge: consider larger cells.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model&apos;s own rule</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The 25 best species of a cell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The 50 best species of a cell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Score above 0.5</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which species are taken as present in a cell; recorded in every output</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All options …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opens the Processing dialog with what is chosen here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try the demo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Assesses a small simulated valley that comes with the plugin</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Demo area (simulated)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>3  What for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Species present</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Assessment folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GeoPl@ntNet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Assess</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Results</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set up the engine …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opens the algorithm that builds the engine&apos;s environment or takes one you have</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Download: about {download} MB; on disk: about {installed} MB, in your QGIS profile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click an indicator to see it on the map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>2  From what</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a model package of your own (zip or card.json)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Predictor rasters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add files …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add folder …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Predictors: tick the rasters that hold them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no model yet: choose a model package with “…”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model package</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model packages (*.zip card.json)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder of predictor rasters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pick a cell on the map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In this cell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Species predicted present: {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Indicators</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This point lies outside the assessment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cell centre {x:.0f}, {y:.0f}. Scores are predicted, not observed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Assessment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open an assessment folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the assessment&apos;s files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Species</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Point</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No assessment is open yet. Run one, or open its folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{cells} cells of {resolution:g} m. {source}. {rule} Predicted, not observed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The algorithm failed; see the log messages.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accepted scientific name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cells (%)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share of the area&apos;s cells in which the species is predicted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Common name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>English common name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Family</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>IUCN</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Red List category; blank: unknown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Marks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>T tree, I invasive alien, D EU directive, E endemic; blank: no or unknown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}: score {mean:.2f} on average, {highest:.2f} at most</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All species</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trees</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Threatened (VU, EN, CR)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>EU Habitats Directive</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Invasive alien</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Endemic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search name or family</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the selected rows, or all that are shown, for a spreadsheet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opacity of the species layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{shown} of {all} species</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}: opacity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click a species to see it on the map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GeoPl@ntNet panel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which plants are likely to grow here: show or hide the GeoPl@ntNet panel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Uncertainty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Species: score ({scale})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The assessed area: {hectares:.0f} ha, {cells} cells.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title}, one value a cell of {resolution:g} m (detail of the data behind it: {effective:g} m). {rule}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Score of {name} on the scale “{scale}”: predicted, not observed. Predicted present in {coverage:.1f} % of the cells of the area. {rule}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Coverage (%)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share of the area&apos;s {cells} cells whose predicted species include the taxon. {rule}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Source: {source}, {date}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SIMULATED DATA.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} (simulated data)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} is not an assessment: it has no {file}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} was written by a newer version of the plugin (format {found}; this version reads {known}). Update the plugin to open it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} is damaged and cannot be read ({reason}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The project could not be written to {path}: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Predicted, not observed. {source}
{attribution}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The area could not be written to {path}: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Assess an area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Predicts which plant species are likely in an area, cell by cell, with a species distribution model, and writes an assessment: species maps, biodiversity indicators, a coverage table (the share of the area&apos;s cells in which each species is predicted), a map and a QGIS project, all in one folder.

Give the area as polygons or as an extent, and the rasters that hold the model&apos;s predictors. The result is a prediction, not an observation: absence here is not absence on site.

A cancelled or interrupted run continues when it is started again with the same output folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Area (polygons)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Polygons in any coordinate system; tick “selected features only” to use the selection. Give either polygons or an extent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>… or area (extent)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A rectangle instead of polygons.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of a model, or path of a model package. Models at hand: {names}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>… or model package of your own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A zip file, or the card.json of a package that is a folder. It takes the place of the name above.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The rasters that hold the model&apos;s predictors, matched by band name, then by file name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>… or folder of predictor rasters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A folder with the rasters; it may be given together with single rasters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Coordinate system of predictors that have none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only for rasters that state no coordinate system. It is never guessed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cell size (metres; blank: 50)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Side of a cell. A finer grid than the predictors&apos; shows no more detail; the assessment records the effective resolution.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set rule (blank: the model&apos;s own)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which species are taken as present in a cell: lambda or lambda:0.5 (score above a threshold), topk:25 (the 25 best). The rule is recorded in every output.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>all, or ids separated by commas, such as richness,shannon.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Coordinate system of the grid</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A projected system in metres. Blank: EPSG:3035, the European reference grid.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory limit (GB)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine works in blocks that fit into this much memory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the assessment when it is finished</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Adds the layers, grouped and styled, to the project.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A new or empty folder, or the folder of an unfinished assessment to continue.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Coverage table (CSV)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>QGIS project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Species scores</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number of cells</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No area: choose polygons or an extent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two areas: choose either polygons or an extent, not both.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No predictors: choose the rasters that hold the model&apos;s predictors, or their folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No model: give the name of a model or a model package.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No assessment folder: choose where the assessment is written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelled. Run it again with the same folder to continue: {folder}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The layer “{name}” is no raster file: save it as a GeoTIFF first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open an assessment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opens an assessment folder: the area, the indicators, the most widespread species and the coverage table, in a group, with fixed legends. It needs no engine.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder that holds assessment.json.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Also write project.qgz into the folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A QGIS project with everything in it. It replaces the project that lies in the folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Layers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This assessment is unfinished: run it again with the same folder to continue.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set up the engine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Builds the Python environment in which the engine runs its models, in your QGIS profile: {folder}. Nothing of QGIS or of your system is changed.

Download from the Python Package Index: about {download} MB; on disk: about {installed} MB.

Without a network choose a folder of wheels. To use an environment of your own (conda, a virtual environment), choose its Python: then nothing is installed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use this Python (nothing is installed)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A Python that already has the engine&apos;s packages.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder of wheels (nothing is downloaded)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A folder with the wheels of all packages, made with pip download on another machine.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Python to build with (blank: that of QGIS)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A Python 3.10 or newer; needed where QGIS brings an older one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Python of the engine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine is ready: {python}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No Python was found beside QGIS. Choose a Python 3.10 or newer to build with.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Building in {folder} (about {installed} MB on disk) …</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
