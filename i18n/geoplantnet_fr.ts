<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1">
<context>
    <name>@default</name>
    <message>
        <source>{python} is not a Python interpreter that can be started.</source>
        <translation>{python} n’est pas un interpréteur Python que l’on puisse démarrer.</translation>
    </message>
    <message>
        <source>The engine needs Python {needed} or newer, but {python} is {found}. Install a newer Python and choose it here.</source>
        <translation>Le moteur a besoin de Python {needed} ou plus récent, mais {python} est en version {found}. Installez un Python plus récent et choisissez-le ici.</translation>
    </message>
    <message>
        <source>{python} lacks some of the packages the engine needs. Install these into it: {packages}</source>
        <translation>Il manque à {python} certains des paquets dont le moteur a besoin. Installez-y ceux-ci : {packages}</translation>
    </message>
    <message>
        <source>{python} could not make a virtual environment. On Debian and Ubuntu install the package python3-venv, then try again.</source>
        <translation>{python} n’a pas pu créer d’environnement virtuel. Sous Debian et Ubuntu, installez le paquet python3-venv, puis réessayez.</translation>
    </message>
    <message>
        <source>Some packages of {wheels} could not be installed; the lines above say which.</source>
        <translation>Certains paquets de {wheels} n’ont pas pu être installés ; les lignes ci-dessus disent lesquels.</translation>
    </message>
    <message>
        <source>The packages could not be downloaded and installed; the lines above say why. Without a network, choose a folder of wheels.</source>
        <translation>Les paquets n’ont pas pu être téléchargés et installés ; les lignes ci-dessus disent pourquoi. Sans réseau, choisissez un dossier de paquets « wheel ».</translation>
    </message>
    <message>
        <source>The environment was built but its packages cannot be loaded; the lines above say why.</source>
        <translation>L’environnement a été construit, mais ses paquets ne peuvent pas être chargés ; les lignes ci-dessus disent pourquoi.</translation>
    </message>
    <message>
        <source>The Python interpreter chosen for the engine does not exist any more: {path}. Choose another with “Set up the engine”.</source>
        <translation>L’interpréteur Python choisi pour le moteur n’existe plus : {path}. Choisissez-en un autre avec « Installer le moteur ».</translation>
    </message>
    <message>
        <source>The engine could not be started with {python}: {reason}</source>
        <translation>Le moteur n’a pas pu être démarré avec {python} : {reason}</translation>
    </message>
    <message>
        <source>The engine stopped unexpectedly (exit code {code}). What it said is in {log}.</source>
        <translation>Le moteur s’est arrêté de façon inattendue (code de sortie {code}). Ce qu’il a dit se trouve dans {log}.</translation>
    </message>
    <message>
        <source>1  Where</source>
        <translation>1  Où</translation>
    </message>
    <message>
        <source>Draw polygon</source>
        <translation>Dessiner un polygone</translation>
    </message>
    <message>
        <source>Left click adds a corner, right click finishes, Backspace takes one back</source>
        <translation>Le clic gauche ajoute un sommet, le clic droit termine, Retour arrière en retire un</translation>
    </message>
    <message>
        <source>Draw rectangle</source>
        <translation>Dessiner un rectangle</translation>
    </message>
    <message>
        <source>Drag a rectangle on the map</source>
        <translation>Faites glisser un rectangle sur la carte</translation>
    </message>
    <message>
        <source>Current view</source>
        <translation>Vue actuelle</translation>
    </message>
    <message>
        <source>Take what the map shows now</source>
        <translation>Prendre ce que montre la carte</translation>
    </message>
    <message>
        <source>No area yet</source>
        <translation>Pas encore de zone</translation>
    </message>
    <message>
        <source>Area layer</source>
        <translation>Couche de la zone</translation>
    </message>
    <message>
        <source>Selected features only</source>
        <translation>Entités sélectionnées uniquement</translation>
    </message>
    <message>
        <source>Area drawn</source>
        <translation>Zone dessinée</translation>
    </message>
    <message>
        <source>The size of this area is not known: check the coordinate system of its layer.</source>
        <translation>La taille de cette zone est inconnue : vérifiez le système de coordonnées de sa couche.</translation>
    </message>
    <message>
        <source>{text}. This is huge: consider larger cells.</source>
        <translation>{text}. C’est immense : pensez à des mailles plus grandes.</translation>
    </message>
    <message>
        <source>The model&apos;s own rule</source>
        <translation>La règle propre au modèle</translation>
    </message>
    <message>
        <source>The 25 best species of a cell</source>
        <translation>Les 25 meilleures espèces d’une maille</translation>
    </message>
    <message>
        <source>The 50 best species of a cell</source>
        <translation>Les 50 meilleures espèces d’une maille</translation>
    </message>
    <message>
        <source>Score above 0.5</source>
        <translation>Score supérieur à 0,5</translation>
    </message>
    <message>
        <source>Which species are taken as present in a cell; recorded in every output</source>
        <translation>Quelles espèces sont tenues pour présentes dans une maille ; inscrit dans chaque sortie</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lancer</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>All options …</source>
        <translation>Toutes les options …</translation>
    </message>
    <message>
        <source>Opens the Processing dialog with what is chosen here</source>
        <translation>Ouvre la boîte de dialogue du traitement avec ce qui est choisi ici</translation>
    </message>
    <message>
        <source>Try the demo</source>
        <translation>Essayer la démonstration</translation>
    </message>
    <message>
        <source>Assesses a small simulated valley that comes with the plugin</source>
        <translation>Évalue une petite vallée simulée, livrée avec l’extension</translation>
    </message>
    <message>
        <source>Demo area (simulated)</source>
        <translation>Zone de démonstration (simulée)</translation>
    </message>
    <message>
        <source>3  What for</source>
        <translation>3  Pour quoi</translation>
    </message>
    <message>
        <source>Species present</source>
        <translation>Espèces présentes</translation>
    </message>
    <message>
        <source>Assessment folder</source>
        <translation>Dossier de l’évaluation</translation>
    </message>
    <message>
        <source>GeoPl@ntNet</source>
        <translation>GeoPl@ntNet</translation>
    </message>
    <message>
        <source>Assess</source>
        <translation>Évaluer</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>Résultats</translation>
    </message>
    <message>
        <source>Set up the engine …</source>
        <translation>Installer le moteur …</translation>
    </message>
    <message>
        <source>Click an indicator to see it on the map</source>
        <translation>Cliquez sur un indicateur pour le voir sur la carte</translation>
    </message>
    <message>
        <source>2  From what</source>
        <translation>2  À partir de quoi</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modèle</translation>
    </message>
    <message>
        <source>Choose a model package of your own (zip or card.json)</source>
        <translation>Choisir un paquet de modèle à vous (zip ou card.json)</translation>
    </message>
    <message>
        <source>Predictor rasters</source>
        <translation>Rasters des prédicteurs</translation>
    </message>
    <message>
        <source>Add files …</source>
        <translation>Ajouter des fichiers …</translation>
    </message>
    <message>
        <source>Add folder …</source>
        <translation>Ajouter un dossier …</translation>
    </message>
    <message>
        <source>Predictors: tick the rasters that hold them</source>
        <translation>Prédicteurs : cochez les rasters qui les contiennent</translation>
    </message>
    <message>
        <source>Model package</source>
        <translation>Paquet de modèle</translation>
    </message>
    <message>
        <source>Model packages (*.zip card.json)</source>
        <translation>Paquets de modèle (*.zip card.json)</translation>
    </message>
    <message>
        <source>Folder of predictor rasters</source>
        <translation>Dossier des rasters de prédicteurs</translation>
    </message>
    <message>
        <source>Pick a cell on the map</source>
        <translation>Choisir une maille sur la carte</translation>
    </message>
    <message>
        <source>In this cell</source>
        <translation>Dans cette maille</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Valeur</translation>
    </message>
    <message>
        <source>Species predicted present: {count}</source>
        <translation>Espèces prédites présentes : {count}</translation>
    </message>
    <message>
        <source>Indicators</source>
        <translation>Indicateurs</translation>
    </message>
    <message>
        <source>This point lies outside the assessment.</source>
        <translation>Ce point est en dehors de l’évaluation.</translation>
    </message>
    <message>
        <source>Cell centre {x:.0f}, {y:.0f}. Scores are predicted, not observed.</source>
        <translation>Centre de la maille {x:.0f}, {y:.0f}. Les scores sont prédits, non observés.</translation>
    </message>
    <message>
        <source>Assessment</source>
        <translation>Évaluation</translation>
    </message>
    <message>
        <source>Open …</source>
        <translation>Ouvrir …</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Dossier</translation>
    </message>
    <message>
        <source>Species</source>
        <translation>Espèces</translation>
    </message>
    <message>
        <source>Point</source>
        <translation>Point</translation>
    </message>
    <message>
        <source>No assessment is open yet. Run one, or open its folder.</source>
        <translation>Aucune évaluation n’est ouverte. Lancez-en une, ou ouvrez son dossier.</translation>
    </message>
    <message>
        <source>The algorithm failed; see the log messages.</source>
        <translation>L’algorithme a échoué ; voyez le journal des messages.</translation>
    </message>
    <message>
        <source>Accepted scientific name</source>
        <translation>Nom scientifique accepté</translation>
    </message>
    <message>
        <source>Common name</source>
        <translation>Nom commun</translation>
    </message>
    <message>
        <source>Family</source>
        <translation>Famille</translation>
    </message>
    <message>
        <source>IUCN</source>
        <translation>UICN</translation>
    </message>
    <message>
        <source>Red List category; blank: unknown</source>
        <translation>Catégorie de la Liste rouge ; vide : inconnue</translation>
    </message>
    <message>
        <source>{name}: score {mean:.2f} on average, {highest:.2f} at most</source>
        <translation>{name} : score {mean:.2f} en moyenne, {highest:.2f} au plus</translation>
    </message>
    <message>
        <source>All species</source>
        <translation>Toutes les espèces</translation>
    </message>
    <message>
        <source>Trees</source>
        <translation>Arbres</translation>
    </message>
    <message>
        <source>Threatened (VU, EN, CR)</source>
        <translation>Menacées (VU, EN, CR)</translation>
    </message>
    <message>
        <source>EU Habitats Directive</source>
        <translation>Directive Habitats de l’UE</translation>
    </message>
    <message>
        <source>Invasive alien</source>
        <translation>Exotiques envahissantes</translation>
    </message>
    <message>
        <source>Endemic</source>
        <translation>Endémiques</translation>
    </message>
    <message>
        <source>Search name or family</source>
        <translation>Chercher un nom ou une famille</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copier</translation>
    </message>
    <message>
        <source>Copy the selected rows, or all that are shown, for a spreadsheet</source>
        <translation>Copier les lignes sélectionnées, ou toutes celles qui sont affichées, pour un tableur</translation>
    </message>
    <message>
        <source>Opacity of the species layer</source>
        <translation>Opacité de la couche d’espèce</translation>
    </message>
    <message>
        <source>{shown} of {all} species</source>
        <translation>{shown} espèces sur {all}</translation>
    </message>
    <message>
        <source>Click a species to see it on the map</source>
        <translation>Cliquez sur une espèce pour la voir sur la carte</translation>
    </message>
    <message>
        <source>GeoPl@ntNet panel</source>
        <translation>Panneau GeoPl@ntNet</translation>
    </message>
    <message>
        <source>Which plants are likely to grow here: show or hide the GeoPl@ntNet panel</source>
        <translation>Quelles plantes poussent probablement ici : afficher ou masquer le panneau GeoPl@ntNet</translation>
    </message>
    <message>
        <source>Uncertainty</source>
        <translation>Incertitude</translation>
    </message>
    <message>
        <source>Species: score ({scale})</source>
        <translation>Espèces : score ({scale})</translation>
    </message>
    <message>
        <source>Area</source>
        <translation>Zone</translation>
    </message>
    <message>
        <source>The assessed area: {hectares:.0f} ha, {cells} cells.</source>
        <translation>La zone évaluée : {hectares:.0f} ha, {cells} mailles.</translation>
    </message>
    <message>
        <source>Score of {name} on the scale “{scale}”: predicted, not observed. Predicted present in {coverage:.1f} % of the cells of the area. {rule}</source>
        <translation>Score de {name} sur l’échelle « {scale} » : prédit, non observé. Prédite présente dans {coverage:.1f} % des mailles de la zone. {rule}</translation>
    </message>
    <message>
        <source>Coverage (%)</source>
        <translation>Couverture (%)</translation>
    </message>
    <message>
        <source>SIMULATED DATA.</source>
        <translation>DONNÉES SIMULÉES.</translation>
    </message>
    <message>
        <source>{title} (simulated data)</source>
        <translation>{title} (données simulées)</translation>
    </message>
    <message>
        <source>{folder} is not an assessment: it has no {file}.</source>
        <translation>{folder} n’est pas une évaluation : il n’y a pas de {file}.</translation>
    </message>
    <message>
        <source>{folder} was written by a newer version of the plugin (format {found}; this version reads {known}). Update the plugin to open it.</source>
        <translation>{folder} a été écrit par une version plus récente de l’extension (format {found} ; cette version lit {known}). Mettez l’extension à jour pour l’ouvrir.</translation>
    </message>
    <message>
        <source>{file} is damaged and cannot be read ({reason}).</source>
        <translation>{file} est endommagé et ne peut pas être lu ({reason}).</translation>
    </message>
    <message>
        <source>The project could not be written to {path}: {reason}</source>
        <translation>Le projet n’a pas pu être écrit dans {path} : {reason}</translation>
    </message>
    <message>
        <source>Predicted, not observed. {source}
{attribution}</source>
        <translation>Prédit, non observé. {source}
{attribution}</translation>
    </message>
    <message>
        <source>The area could not be written to {path}: {reason}</source>
        <translation>La zone n’a pas pu être écrite dans {path} : {reason}</translation>
    </message>
    <message>
        <source>Assess an area</source>
        <translation>Évaluer une zone</translation>
    </message>
    <message>
        <source>… or area (extent)</source>
        <translation>… ou zone (emprise)</translation>
    </message>
    <message>
        <source>A rectangle instead of polygons.</source>
        <translation>Un rectangle au lieu de polygones.</translation>
    </message>
    <message>
        <source>Name of a model, or path of a model package. Models at hand: {names}.</source>
        <translation>Nom d’un modèle, ou chemin d’un paquet de modèle. Modèles disponibles : {names}.</translation>
    </message>
    <message>
        <source>… or model package of your own</source>
        <translation>… ou paquet de modèle à vous</translation>
    </message>
    <message>
        <source>A zip file, or the card.json of a package that is a folder. It takes the place of the name above.</source>
        <translation>Un fichier zip, ou le card.json d’un paquet qui est un dossier. Il remplace le nom ci-dessus.</translation>
    </message>
    <message>
        <source>… or folder of predictor rasters</source>
        <translation>… ou dossier de rasters de prédicteurs</translation>
    </message>
    <message>
        <source>A folder with the rasters; it may be given together with single rasters.</source>
        <translation>Un dossier contenant les rasters ; il peut s’ajouter à des rasters isolés.</translation>
    </message>
    <message>
        <source>Coordinate system of predictors that have none</source>
        <translation>Système de coordonnées des prédicteurs qui n’en ont pas</translation>
    </message>
    <message>
        <source>Only for rasters that state no coordinate system. It is never guessed.</source>
        <translation>Seulement pour les rasters qui n’indiquent aucun système de coordonnées. Il n’est jamais deviné.</translation>
    </message>
    <message>
        <source>Cell size (metres; blank: 50)</source>
        <translation>Taille des mailles (mètres ; vide : 50)</translation>
    </message>
    <message>
        <source>Side of a cell. A finer grid than the predictors&apos; shows no more detail; the assessment records the effective resolution.</source>
        <translation>Côté d’une maille. Une grille plus fine que les prédicteurs ne montre pas plus de détail ; l’évaluation consigne la résolution effective.</translation>
    </message>
    <message>
        <source>Set rule (blank: the model&apos;s own)</source>
        <translation>Règle d’assemblage (vide : celle du modèle)</translation>
    </message>
    <message>
        <source>Which species are taken as present in a cell: lambda or lambda:0.5 (score above a threshold), topk:25 (the 25 best). The rule is recorded in every output.</source>
        <translation>Quelles espèces sont tenues pour présentes dans une maille : lambda ou lambda:0.5 (score au-dessus d’un seuil), topk:25 (les 25 meilleures). La règle est inscrite dans chaque sortie.</translation>
    </message>
    <message>
        <source>all, or ids separated by commas, such as richness,shannon.</source>
        <translation>all, ou des identifiants séparés par des virgules, comme richness,shannon.</translation>
    </message>
    <message>
        <source>Coordinate system of the grid</source>
        <translation>Système de coordonnées de la grille</translation>
    </message>
    <message>
        <source>A projected system in metres. Blank: EPSG:3035, the European reference grid.</source>
        <translation>Un système projeté en mètres. Vide : EPSG:3035, la grille de référence européenne.</translation>
    </message>
    <message>
        <source>Memory limit (GB)</source>
        <translation>Limite de mémoire (Go)</translation>
    </message>
    <message>
        <source>The engine works in blocks that fit into this much memory.</source>
        <translation>Le moteur travaille par blocs qui tiennent dans cette mémoire.</translation>
    </message>
    <message>
        <source>Open the assessment when it is finished</source>
        <translation>Ouvrir l’évaluation une fois terminée</translation>
    </message>
    <message>
        <source>Adds the layers, grouped and styled, to the project.</source>
        <translation>Ajoute au projet les couches, groupées et stylées.</translation>
    </message>
    <message>
        <source>A new or empty folder, or the folder of an unfinished assessment to continue.</source>
        <translation>Un dossier nouveau ou vide, ou celui d’une évaluation inachevée à poursuivre.</translation>
    </message>
    <message>
        <source>Coverage table (CSV)</source>
        <translation>Tableau de couverture (CSV)</translation>
    </message>
    <message>
        <source>QGIS project</source>
        <translation>Projet QGIS</translation>
    </message>
    <message>
        <source>Species scores</source>
        <translation>Scores des espèces</translation>
    </message>
    <message>
        <source>Number of cells</source>
        <translation>Nombre de mailles</translation>
    </message>
    <message>
        <source>No area: choose polygons or an extent.</source>
        <translation>Pas de zone : choisissez des polygones ou une emprise.</translation>
    </message>
    <message>
        <source>Two areas: choose either polygons or an extent, not both.</source>
        <translation>Deux zones : choisissez soit des polygones, soit une emprise, pas les deux.</translation>
    </message>
    <message>
        <source>No assessment folder: choose where the assessment is written.</source>
        <translation>Pas de dossier d’évaluation : choisissez où l’évaluation est écrite.</translation>
    </message>
    <message>
        <source>Cancelled. Run it again with the same folder to continue: {folder}</source>
        <translation>Annulé. Relancez avec le même dossier pour continuer : {folder}</translation>
    </message>
    <message>
        <source>The layer “{name}” is no raster file: save it as a GeoTIFF first.</source>
        <translation>La couche « {name} » n’est pas un fichier raster : enregistrez-la d’abord en GeoTIFF.</translation>
    </message>
    <message>
        <source>Open an assessment</source>
        <translation>Ouvrir une évaluation</translation>
    </message>
    <message>
        <source>Opens an assessment folder: the area, the indicators, the most widespread species and the coverage table, in a group, with fixed legends. It needs no engine.</source>
        <translation>Ouvre un dossier d’évaluation : la zone, les indicateurs, les espèces les plus répandues et le tableau de couverture, dans un groupe, avec des légendes fixes. Le moteur n’est pas nécessaire.</translation>
    </message>
    <message>
        <source>The folder that holds assessment.json.</source>
        <translation>Le dossier qui contient assessment.json.</translation>
    </message>
    <message>
        <source>Also write project.qgz into the folder</source>
        <translation>Écrire aussi project.qgz dans le dossier</translation>
    </message>
    <message>
        <source>A QGIS project with everything in it. It replaces the project that lies in the folder.</source>
        <translation>Un projet QGIS qui contient tout. Il remplace le projet qui se trouve dans le dossier.</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Couches</translation>
    </message>
    <message>
        <source>This assessment is unfinished: run it again with the same folder to continue.</source>
        <translation>Cette évaluation est inachevée : relancez-la avec le même dossier pour continuer.</translation>
    </message>
    <message>
        <source>Set up the engine</source>
        <translation>Installer le moteur</translation>
    </message>
    <message>
        <source>Builds the Python environment in which the engine runs its models, in your QGIS profile: {folder}. Nothing of QGIS or of your system is changed.

Download from the Python Package Index: about {download} MB; on disk: about {installed} MB.

Without a network choose a folder of wheels. To use an environment of your own (conda, a virtual environment), choose its Python: then nothing is installed.</source>
        <translation>Construit l’environnement Python dans lequel le moteur exécute ses modèles, dans votre profil QGIS : {folder}. Rien n’est changé dans QGIS ni dans votre système.

Téléchargement depuis le Python Package Index : environ {download} Mo ; sur le disque : environ {installed} Mo.

Sans réseau, choisissez un dossier de paquets « wheel ». Pour utiliser un environnement à vous (conda, environnement virtuel), choisissez son Python : rien n’est alors installé.</translation>
    </message>
    <message>
        <source>Use this Python (nothing is installed)</source>
        <translation>Utiliser ce Python (rien n’est installé)</translation>
    </message>
    <message>
        <source>A Python that already has the engine&apos;s packages.</source>
        <translation>Un Python qui possède déjà les paquets du moteur.</translation>
    </message>
    <message>
        <source>Folder of wheels (nothing is downloaded)</source>
        <translation>Dossier de paquets « wheel » (rien n’est téléchargé)</translation>
    </message>
    <message>
        <source>A folder with the wheels of all packages, made with pip download on another machine.</source>
        <translation>Un dossier avec les « wheels » de tous les paquets, fait avec pip download sur une autre machine.</translation>
    </message>
    <message>
        <source>Python to build with (blank: that of QGIS)</source>
        <translation>Python servant à construire (vide : celui de QGIS)</translation>
    </message>
    <message>
        <source>A Python 3.10 or newer; needed where QGIS brings an older one.</source>
        <translation>Un Python 3.10 ou plus récent ; nécessaire là où QGIS en apporte un plus ancien.</translation>
    </message>
    <message>
        <source>Python of the engine</source>
        <translation>Python du moteur</translation>
    </message>
    <message>
        <source>The engine is ready: {python}</source>
        <translation>Le moteur est prêt : {python}</translation>
    </message>
    <message>
        <source>No Python was found beside QGIS. Choose a Python 3.10 or newer to build with.</source>
        <translation>Aucun Python n’a été trouvé à côté de QGIS. Choisissez un Python 3.10 ou plus récent pour construire.</translation>
    </message>
    <message>
        <source>Building in {folder} (about {installed} MB on disk) …</source>
        <translation>Construction dans {folder} (environ {installed} Mo sur le disque) …</translation>
    </message>
    <message>
        <source>Import a species list</source>
        <translation>Importer une liste d’espèces</translation>
    </message>
    <message>
        <source>Adds a list of your own: a red list, protected or rare species, common names. It becomes an indicator and a column of the coverage table in every later assessment. Names are matched without their authors; the log says which names matched, which did not and which only may concern a species.</source>
        <translation>Ajoute une liste à vous : liste rouge, espèces protégées ou rares, noms communs. Elle devient un indicateur et une colonne du tableau de couverture de toute évaluation ultérieure. Les noms sont rapprochés sans leurs auteurs ; le journal dit lesquels correspondent, lesquels non, et lesquels ne peuvent concerner une espèce que peut-être.</translation>
    </message>
    <message>
        <source>List (CSV)</source>
        <translation>Liste (CSV)</translation>
    </message>
    <message>
        <source>Any text table with one scientific name a row, with or without a header.</source>
        <translation>Tout tableau en texte avec un nom scientifique par ligne, avec ou sans en-tête.</translation>
    </message>
    <message>
        <source>What the list says</source>
        <translation>Ce que dit la liste</translation>
    </message>
    <message>
        <source>A list of its own</source>
        <translation>Une liste à part entière</translation>
    </message>
    <message>
        <source>Red List categories</source>
        <translation>Catégories de Liste rouge</translation>
    </message>
    <message>
        <source>Habitats Directive</source>
        <translation>Directive Habitats</translation>
    </message>
    <message>
        <source>Invasive</source>
        <translation>Envahissantes</translation>
    </message>
    <message>
        <source>Rare</source>
        <translation>Rares</translation>
    </message>
    <message>
        <source>Alien or native</source>
        <translation>Exotique ou indigène</translation>
    </message>
    <message>
        <source>Common names in English</source>
        <translation>Noms communs en anglais</translation>
    </message>
    <message>
        <source>Common names in French</source>
        <translation>Noms communs en français</translation>
    </message>
    <message>
        <source>A list of its own becomes an indicator named after it.</source>
        <translation>Une liste à part entière devient un indicateur qui porte son nom.</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titre</translation>
    </message>
    <message>
        <source>Name of the list in tables and reports.</source>
        <translation>Nom de la liste dans les tableaux et les rapports.</translation>
    </message>
    <message>
        <source>Where it is in force</source>
        <translation>Où elle est en vigueur</translation>
    </message>
    <message>
        <source>ISO 3166 code (CH, CH-VD) or EU; blank: everywhere.</source>
        <translation>Code ISO 3166 (CH, CH-VD) ou EU ; vide : partout.</translation>
    </message>
    <message>
        <source>Date of the list</source>
        <translation>Date de la liste</translation>
    </message>
    <message>
        <source>Blank: the day of the import.</source>
        <translation>Vide : le jour de l’import.</translation>
    </message>
    <message>
        <source>The list is complete</source>
        <translation>La liste est complète</translation>
    </message>
    <message>
        <source>A species that the list does not name is then known not to be listed; else it stays unknown.</source>
        <translation>Une espèce que la liste ne nomme pas est alors connue comme non listée ; sinon elle reste inconnue.</translation>
    </message>
    <message>
        <source>Model to match with</source>
        <translation>Modèle à rapprocher</translation>
    </message>
    <message>
        <source>The names are compared with this model&apos;s; blank: not now.</source>
        <translation>Les noms sont comparés à ceux de ce modèle ; vide : pas maintenant.</translation>
    </message>
    <message>
        <source>Short name</source>
        <translation>Nom court</translation>
    </message>
    <message>
        <source>Lower-case letters, digits and _; blank: from the file&apos;s name.</source>
        <translation>Minuscules, chiffres et _ ; vide : d’après le nom du fichier.</translation>
    </message>
    <message>
        <source>Column of the scientific names</source>
        <translation>Colonne des noms scientifiques</translation>
    </message>
    <message>
        <source>Header of the column; blank: found by its header or contents.</source>
        <translation>En-tête de la colonne ; vide : trouvée par son en-tête ou son contenu.</translation>
    </message>
    <message>
        <source>Column of the values</source>
        <translation>Colonne des valeurs</translation>
    </message>
    <message>
        <source>Header of the column with category, annex or common name.</source>
        <translation>En-tête de la colonne avec la catégorie, l’annexe ou le nom commun.</translation>
    </message>
    <message>
        <source>Number of names</source>
        <translation>Nombre de noms</translation>
    </message>
    <message>
        <source>How the names matched</source>
        <translation>Comment les noms correspondent</translation>
    </message>
    <message>
        <source>Write the report of an assessment</source>
        <translation>Écrire le rapport d’une évaluation</translation>
    </message>
    <message>
        <source>Writes report.html and report.pdf into the folder of an assessment: species, habitat, conservation, ecosystem and threat, each with a verdict, its evidence, a map, how sure it is and what to check in the field; target species; your own records as observed, predicted or both; method, sources and limits.</source>
        <translation>Écrit report.html et report.pdf dans le dossier d’une évaluation : espèces, habitat, conservation, écosystème et menaces, chacun avec un verdict, ses preuves, une carte, son degré de certitude et ce qu’il faut vérifier sur le terrain ; espèces cibles ; vos propres relevés comme observés, prédits ou les deux ; méthode, sources et limites.</translation>
    </message>
    <message>
        <source>The folder of a finished assessment; the report is written into it.</source>
        <translation>Le dossier d’une évaluation terminée ; le rapport y est écrit.</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Langue</translation>
    </message>
    <message>
        <source>English</source>
        <translation>Anglais</translation>
    </message>
    <message>
        <source>French</source>
        <translation>Français</translation>
    </message>
    <message>
        <source>Language of the report.</source>
        <translation>Langue du rapport.</translation>
    </message>
    <message>
        <source>Your own records</source>
        <translation>Vos propres relevés</translation>
    </message>
    <message>
        <source>A layer or table with one record a row, shown as observed, predicted or both.</source>
        <translation>Une couche ou un tableau avec un relevé par ligne, présenté comme observé, prédit ou les deux.</translation>
    </message>
    <message>
        <source>Field with the scientific name</source>
        <translation>Champ des noms scientifiques</translation>
    </message>
    <message>
        <source>The field of your records that holds the scientific names.</source>
        <translation>Le champ de vos relevés qui contient les noms scientifiques.</translation>
    </message>
    <message>
        <source>Report (HTML)</source>
        <translation>Rapport (HTML)</translation>
    </message>
    <message>
        <source>Report (PDF)</source>
        <translation>Rapport (PDF)</translation>
    </message>
    <message>
        <source>Title on the first page; blank: the usual one.</source>
        <translation>Titre de la première page ; vide : le titre habituel.</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>Commanditaire</translation>
    </message>
    <message>
        <source>For whom the report is made.</source>
        <translation>Pour qui le rapport est fait.</translation>
    </message>
    <message>
        <source>Site</source>
        <translation>Site</translation>
    </message>
    <message>
        <source>Name of the site; blank: that of the assessment.</source>
        <translation>Nom du site ; vide : celui de l’évaluation.</translation>
    </message>
    <message>
        <source>Author</source>
        <translation>Auteur</translation>
    </message>
    <message>
        <source>Who makes the report.</source>
        <translation>Qui fait le rapport.</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Date</translation>
    </message>
    <message>
        <source>Date on the first page; blank: today.</source>
        <translation>Date de la première page ; vide : aujourd’hui.</translation>
    </message>
    <message>
        <source>Country of the site</source>
        <translation>Pays du site</translation>
    </message>
    <message>
        <source>ISO 3166 code, such as CH or CH-VD: decides which lists are in force. Blank: that of the assessment.</source>
        <translation>Code ISO 3166, comme CH ou CH-VD : décide des listes en vigueur. Vide : celui de l’évaluation.</translation>
    </message>
    <message>
        <source>Your own records: choose the field that holds the scientific names.</source>
        <translation>Vos propres relevés : choisissez le champ qui contient les noms scientifiques.</translation>
    </message>
    <message>
        <source>{file}, band {band}, {resolution:g} m</source>
        <translation>{file}, bande {band}, {resolution:g} m</translation>
    </message>
    <message>
        <source>About {share:.0f} % of the cells lie outside the conditions this model was trained on: its scores there are guesses.</source>
        <translation>Environ {share:.0f} % des mailles sont hors des conditions dans lesquelles ce modèle a été entraîné : ses scores y sont des conjectures.</translation>
    </message>
    <message>
        <source>The model does not say for which conditions it holds: nobody can tell whether it fits this site.</source>
        <translation>Le modèle ne dit pas pour quelles conditions il vaut : personne ne peut dire s’il convient à ce site.</translation>
    </message>
    <message>
        <source>About {share} of the cells lack a predictor and stay blank.</source>
        <translation>Environ {share} des mailles manquent d’un prédicteur et restent vides.</translation>
    </message>
    <message>
        <source>Status unknown for more than half of the model&apos;s species, so left out or too low: {indicators}.</source>
        <translation>Statut inconnu pour plus de la moitié des espèces du modèle, donc laissés de côté ou trop bas : {indicators}.</translation>
    </message>
    <message>
        <source>No band is called {predictor}. Choose one below, or tick the raster that holds it.</source>
        <translation>Aucune bande ne s’appelle {predictor}. Choisissez-en une ci-dessous, ou cochez le raster qui la contient.</translation>
    </message>
    <message>
        <source>{predictor} cannot be in {unit}, or the model does not know such places: most values here lie between {low:g} and {high:g}, those of the training data between {card_low:g} and {card_high:g}. Choose another band, or take the values as they are if you know that they are right.</source>
        <translation>{predictor} ne peut pas être en {unit}, ou le modèle ne connaît pas de tels lieux : ici, la plupart des valeurs sont entre {low:g} et {high:g}, celles des données d’entraînement entre {card_low:g} et {card_high:g}. Choisissez une autre bande, ou prenez les valeurs telles quelles si vous savez qu’elles sont justes.</translation>
    </message>
    <message>
        <source>QGIS&apos;s authentication store was not opened: give its master password first.</source>
        <translation>Le magasin d’authentification de QGIS n’a pas été ouvert : donnez d’abord son mot de passe maître.</translation>
    </message>
    <message>
        <source>QGIS&apos;s authentication store could not keep the key.</source>
        <translation>Le magasin d’authentification de QGIS n’a pas pu garder la clé.</translation>
    </message>
    <message>
        <source>The card of this model cannot be read ({reason}).</source>
        <translation>La fiche de ce modèle ne peut pas être lue ({reason}).</translation>
    </message>
    <message>
        <source>taxon</source>
        <translation>taxon</translation>
    </message>
    <message>
        <source>indicator</source>
        <translation>indicateur</translation>
    </message>
    <message>
        <source>The coordinate system of the layer is not known: set it in its properties.</source>
        <translation>Le système de coordonnées de la couche est inconnu : indiquez-le dans ses propriétés.</translation>
    </message>
    <message>
        <source>Returns the score of a taxon in the cell in which the feature lies: predicted, not observed. For a line or polygon, one point of it counts.</source>
        <translation>Donne le score d’un taxon dans la maille où se trouve l’entité : prédit, non observé. Pour une ligne ou un polygone, un de ses points compte.</translation>
    </message>
    <message>
        <source>accepted name of the taxon, with or without author</source>
        <translation>nom accepté du taxon, avec ou sans auteur</translation>
    </message>
    <message>
        <source>Returns the value of an indicator in the cell in which the feature lies. For a line or polygon, one point of it counts.</source>
        <translation>Donne la valeur d’un indicateur dans la maille où se trouve l’entité. Pour une ligne ou un polygone, un de ses points compte.</translation>
    </message>
    <message>
        <source>id or title of the indicator, such as &apos;richness&apos; or &apos;shannon&apos;</source>
        <translation>identifiant ou titre de l’indicateur, comme 'richness' ou 'shannon'</translation>
    </message>
    <message>
        <source>folder of an assessment, or the name of a folder that the project shows; not needed when the project shows one assessment</source>
        <translation>dossier d’une évaluation, ou nom d’un dossier que le projet montre ; inutile quand le projet montre une seule évaluation</translation>
    </message>
    <message>
        <source>NULL outside the assessment and where the cell has no data.</source>
        <translation>NULL en dehors de l’évaluation et là où la maille n’a pas de données.</translation>
    </message>
    <message>
        <source>Where a score was too low to be kept, it is the lowest value of the scale.</source>
        <translation>Là où un score était trop bas pour être gardé, c’est la plus basse valeur de l’échelle.</translation>
    </message>
    <message>
        <source>There is no indicator “{id}” in this assessment. It has: {known}.</source>
        <translation>Il n’y a pas d’indicateur « {id} » dans cette évaluation. Elle contient : {known}.</translation>
    </message>
    <message>
        <source>“{name}” stands for {count} taxa of this assessment: write it with its author.</source>
        <translation>« {name} » désigne {count} taxons de cette évaluation : écrivez-le avec son auteur.</translation>
    </message>
    <message>
        <source>“{name}” is not in this assessment, which says nothing of it.</source>
        <translation>« {name} » n’est pas dans cette évaluation, qui n’en dit rien.</translation>
    </message>
    <message>
        <source>There is no assessment “{name}”. Give its folder, or one of those in the project: {names}.</source>
        <translation>Il n’y a pas d’évaluation « {name} ». Donnez son dossier, ou l’une de celles du projet : {names}.</translation>
    </message>
    <message>
        <source>The project shows several assessments: name one of {names}.</source>
        <translation>Le projet montre plusieurs évaluations : nommez l’une de celles-ci : {names}.</translation>
    </message>
    <message>
        <source>The project shows no assessment: open one, or give its folder.</source>
        <translation>Le projet ne montre aucune évaluation : ouvrez-en une, ou donnez son dossier.</translation>
    </message>
    <message>
        <source>Polygons, or points and lines with a buffer around them</source>
        <translation>Polygones, ou points et lignes entourés d’un tampon</translation>
    </message>
    <message>
        <source>Take the features that are selected on the map</source>
        <translation>Prendre les entités sélectionnées sur la carte</translation>
    </message>
    <message>
        <source> m</source>
        <translation> m</translation>
    </message>
    <message>
        <source>none</source>
        <translation>aucun</translation>
    </message>
    <message>
        <source>Metres on the ground added around the area, or around points and lines</source>
        <translation>Mètres au sol ajoutés autour de la zone, ou autour de points et de lignes</translation>
    </message>
    <message>
        <source>Buffer in metres</source>
        <translation>Tampon en mètres</translation>
    </message>
    <message>
        <source>Buffer</source>
        <translation>Tampon</translation>
    </message>
    <message>
        <source>Draw an area on the map, or choose a layer.</source>
        <translation>Dessinez une zone sur la carte, ou choisissez une couche.</translation>
    </message>
    <message>
        <source>Points and lines have no area: give a buffer around them.</source>
        <translation>Les points et les lignes n’ont pas de surface : donnez un tampon autour d’eux.</translation>
    </message>
    <message>
        <source>Many shapes: their size is told when they have been checked.</source>
        <translation>Beaucoup de formes : leur taille est indiquée après vérification.</translation>
    </message>
    <message>
        <source>about {cells}</source>
        <translation>environ {cells}</translation>
    </message>
    <message>
        <source>{area} km²</source>
        <translation>{area} km²</translation>
    </message>
    <message>
        <source>{area} ha</source>
        <translation>{area} ha</translation>
    </message>
    <message>
        <source>Time and size on disk: known after the first run with this model on this computer.</source>
        <translation>Temps et taille sur le disque : connus après un premier calcul avec ce modèle sur cet ordinateur.</translation>
    </message>
    <message>
        <source>Expected: {time} and {size} on disk, going by a run of {cells} cells here.</source>
        <translation>Attendus : {time} et {size} sur le disque, d’après un calcul de {cells} mailles ici.</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} s</translation>
    </message>
    <message>
        <source>{minutes} min</source>
        <translation>{minutes} min</translation>
    </message>
    <message>
        <source>{hours} h</source>
        <translation>{hours} h</translation>
    </message>
    <message>
        <source>{megabytes} MB</source>
        <translation>{megabytes} Mo</translation>
    </message>
    <message>
        <source>{gigabytes} GB</source>
        <translation>{gigabytes} Go</translation>
    </message>
    <message>
        <source>A model on this computer</source>
        <translation>Un modèle sur cet ordinateur</translation>
    </message>
    <message>
        <source>GeoPl@ntNet&apos;s published maps (unofficial)</source>
        <translation>Cartes publiées de GeoPl@ntNet (non officiel)</translation>
    </message>
    <message>
        <source>From what</source>
        <translation>À partir de quoi</translation>
    </message>
    <message>
        <source>What gives the scores: a model with your predictors, or maps that are downloaded</source>
        <translation>Ce qui donne les scores : un modèle avec vos prédicteurs, ou des cartes à télécharger</translation>
    </message>
    <message>
        <source>A new folder, or that of an unfinished assessment to continue</source>
        <translation>Un nouveau dossier, ou celui d’une évaluation inachevée à poursuivre</translation>
    </message>
    <message>
        <source>Starts the assessment; QGIS stays usable meanwhile</source>
        <translation>Démarre l’évaluation ; QGIS reste utilisable pendant ce temps</translation>
    </message>
    <message>
        <source>Stops within seconds; what is finished is kept</source>
        <translation>S’arrête en quelques secondes ; ce qui est terminé est gardé</translation>
    </message>
    <message>
        <source>Progress of the assessment</source>
        <translation>Avancement de l’évaluation</translation>
    </message>
    <message>
        <source>Checking area and predictors first …</source>
        <translation>Vérification préalable de la zone et des prédicteurs …</translation>
    </message>
    <message>
        <source>Some predictors have no usable band yet: choose a band for those marked red, or tick the rasters that hold them.</source>
        <translation>Certains prédicteurs n’ont pas encore de bande utilisable : choisissez une bande pour ceux marqués en rouge, ou cochez les rasters qui les contiennent.</translation>
    </message>
    <message>
        <source>Read the warning above. To run all the same, press Run again.</source>
        <translation>Lisez l’avertissement ci-dessus. Pour lancer malgré tout, cliquez de nouveau sur Lancer.</translation>
    </message>
    <message>
        <source>The 50 best of a cell (default)</source>
        <translation>Les 50 meilleures d’une maille (par défaut)</translation>
    </message>
    <message>
        <source>Checking area and predictors …</source>
        <translation>Vérification de la zone et des prédicteurs …</translation>
    </message>
    <message>
        <source>{red} of {all} predictors have no usable band.</source>
        <translation>{red} prédicteurs sur {all} n’ont pas de bande utilisable.</translation>
    </message>
    <message>
        <source>All {all} predictors are bound; {yellow} need a look.</source>
        <translation>Les {all} prédicteurs sont associés ; {yellow} demandent un coup d’œil.</translation>
    </message>
    <message>
        <source>All {all} predictors are bound.</source>
        <translation>Les {all} prédicteurs sont associés.</translation>
    </message>
    <message>
        <source>This did not work ({reason}). Check that the assessment&apos;s files are complete.</source>
        <translation>Cela n’a pas marché ({reason}). Vérifiez que les fichiers de l’évaluation sont complets.</translation>
    </message>
    <message>
        <source>Model card</source>
        <translation>Fiche du modèle</translation>
    </message>
    <message>
        <source>How good it is</source>
        <translation>Ce qu’il vaut</translation>
    </message>
    <message>
        <source>Where it does not hold</source>
        <translation>Où il ne vaut pas</translation>
    </message>
    <message>
        <source>Predictors</source>
        <translation>Prédicteurs</translation>
    </message>
    <message>
        <source>Trained on</source>
        <translation>Entraîné sur</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>inconnu</translation>
    </message>
    <message>
        <source>Score scale</source>
        <translation>Échelle des scores</translation>
    </message>
    <message>
        <source>Set rule</source>
        <translation>Règle d’assemblage</translation>
    </message>
    <message>
        <source>Detail</source>
        <translation>Détail</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Licence</translation>
    </message>
    <message>
        <source>Attribution</source>
        <translation>Attribution</translation>
    </message>
    <message>
        <source>, blocks of {side:g} km</source>
        <translation>, blocs de {side:g} km</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Épreuve</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Mesure</translation>
    </message>
    <message>
        <source>Others on the same folds</source>
        <translation>Autres sur les mêmes plis</translation>
    </message>
    <message>
        <source>The card does not say how good the model is: treat its scores as a guess.</source>
        <translation>La fiche ne dit pas ce que vaut le modèle : prenez ses scores pour des conjectures.</translation>
    </message>
    <message>
        <source>Cells outside the conditions of the training data are counted and marked.</source>
        <translation>Les mailles hors des conditions des données d’entraînement sont comptées et marquées.</translation>
    </message>
    <message>
        <source>The card does not say for which conditions the model holds.</source>
        <translation>La fiche ne dit pas pour quelles conditions le modèle vaut.</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nom</translation>
    </message>
    <message>
        <source>Meaning</source>
        <translation>Signification</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>Unité</translation>
    </message>
    <message>
        <source>Range in training</source>
        <translation>Étendue à l’entraînement</translation>
    </message>
    <message>
        <source>not stated in the card</source>
        <translation>non indiqué dans la fiche</translation>
    </message>
    <message>
        <source>Assessment to compare with</source>
        <translation>Évaluation à comparer</translation>
    </message>
    <message>
        <source>Folder …</source>
        <translation>Dossier …</translation>
    </message>
    <message>
        <source>Compare with an assessment that is not in the project</source>
        <translation>Comparer avec une évaluation qui n’est pas dans le projet</translation>
    </message>
    <message>
        <source>What to compare</source>
        <translation>Ce qu’il faut comparer</translation>
    </message>
    <message>
        <source>Difference on the map</source>
        <translation>Différence sur la carte</translation>
    </message>
    <message>
        <source>Makes a layer: this assessment minus the other one</source>
        <translation>Crée une couche : cette évaluation moins l’autre</translation>
    </message>
    <message>
        <source>Swipe</source>
        <translation>Volet glissant</translation>
    </message>
    <message>
        <source>Move the mouse over the map: this assessment left of it, the other one right</source>
        <translation>Déplacez la souris sur la carte : cette évaluation à sa gauche, l’autre à sa droite</translation>
    </message>
    <message>
        <source>Difference of two assessments</source>
        <translation>Différence de deux évaluations</translation>
    </message>
    <message>
        <source>Compare with</source>
        <translation>Comparer avec</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Quoi</translation>
    </message>
    <message>
        <source>Open another assessment, or choose its folder.</source>
        <translation>Ouvrez une autre évaluation, ou choisissez son dossier.</translation>
    </message>
    <message>
        <source>Orange is less here than there, purple is more.</source>
        <translation>Orange : moins ici que là ; violet : plus.</translation>
    </message>
    <message>
        <source>The two assessments have no indicator and no species in common.</source>
        <translation>Les deux évaluations n’ont ni indicateur ni espèce en commun.</translation>
    </message>
    <message>
        <source>Computing the difference …</source>
        <translation>Calcul de la différence …</translation>
    </message>
    <message>
        <source>On the map: {name}</source>
        <translation>Sur la carte : {name}</translation>
    </message>
    <message>
        <source>Left of the mouse: {first}. Right of it: {second}.</source>
        <translation>À gauche de la souris : {first}. À sa droite : {second}.</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Aide</translation>
    </message>
    <message>
        <source>Open the manual: a tutorial on the demo area, and how-tos. It needs no network.</source>
        <translation>Ouvrir le manuel : un tutoriel sur la zone de démonstration et des guides pratiques. Aucun réseau n’est nécessaire.</translation>
    </message>
    <message>
        <source>Pl@ntNet API key</source>
        <translation>Clé d’API Pl@ntNet</translation>
    </message>
    <message>
        <source>A key of your own account at https://my.plantnet.org. It is kept, encrypted, in QGIS&apos;s authentication store, and given to the engine alone.</source>
        <translation>Une clé de votre propre compte sur https://my.plantnet.org. Elle est gardée, chiffrée, dans le magasin d’authentification de QGIS, et donnée au seul moteur.</translation>
    </message>
    <message>
        <source>A key is stored; blank removes it</source>
        <translation>Une clé est enregistrée ; vide la supprime</translation>
    </message>
    <message>
        <source>No key yet</source>
        <translation>Pas encore de clé</translation>
    </message>
    <message>
        <source>Paste the key here</source>
        <translation>Collez la clé ici</translation>
    </message>
    <message>
        <source>Predictor</source>
        <translation>Prédicteur</translation>
    </message>
    <message>
        <source>Taken from</source>
        <translation>Tiré de</translation>
    </message>
    <message>
        <source>Predictors and the bands they are taken from</source>
        <translation>Les prédicteurs et les bandes dont ils sont tirés</translation>
    </message>
    <message>
        <source>Band for the chosen predictor</source>
        <translation>Bande pour le prédicteur choisi</translation>
    </message>
    <message>
        <source>Take another band for the predictor chosen above</source>
        <translation>Prendre une autre bande pour le prédicteur choisi ci-dessus</translation>
    </message>
    <message>
        <source>Take its values as they are</source>
        <translation>Prendre ses valeurs telles quelles</translation>
    </message>
    <message>
        <source>The values are far from those the model was trained on. Tick this only if you know that unit and scale are right.</source>
        <translation>Les valeurs sont loin de celles de l’entraînement du modèle. Ne cochez que si vous savez que l’unité et l’échelle sont justes.</translation>
    </message>
    <message>
        <source>Band for {predictor}: by its name</source>
        <translation>Bande pour {predictor} : d’après son nom</translation>
    </message>
    <message>
        <source>bound</source>
        <translation>associé</translation>
    </message>
    <message>
        <source>worth a look</source>
        <translation>à regarder</translation>
    </message>
    <message>
        <source>not usable</source>
        <translation>inutilisable</translation>
    </message>
    <message>
        <source>no band</source>
        <translation>pas de bande</translation>
    </message>
    <message>
        <source>The species distribution model that gives the scores</source>
        <translation>Le modèle de distribution d’espèces qui donne les scores</translation>
    </message>
    <message>
        <source>Choose a model package of your own</source>
        <translation>Choisir un paquet de modèle à vous</translation>
    </message>
    <message>
        <source>Card</source>
        <translation>Fiche</translation>
    </message>
    <message>
        <source>What the model predicts, from what, how well, and where it does not hold</source>
        <translation>Ce que le modèle prédit, à partir de quoi, avec quelle qualité, et où il ne vaut pas</translation>
    </message>
    <message>
        <source>Add rasters that are not in the project</source>
        <translation>Ajouter des rasters qui ne sont pas dans le projet</translation>
    </message>
    <message>
        <source>Add all rasters of a folder</source>
        <translation>Ajouter tous les rasters d’un dossier</translation>
    </message>
    <message>
        <source>Assessment: double click to open it</source>
        <translation>Évaluation : double-cliquez pour l’ouvrir</translation>
    </message>
    <message>
        <source>Open the assessment</source>
        <translation>Ouvrir l’évaluation</translation>
    </message>
    <message>
        <source>Then click on the map: the cell&apos;s species, indicators and predictors are listed</source>
        <translation>Cliquez ensuite sur la carte : les espèces, indicateurs et prédicteurs de la maille sont listés</translation>
    </message>
    <message>
        <source>Copy what is said of this cell, for a spreadsheet</source>
        <translation>Copier ce qui est dit de cette maille, pour un tableur</translation>
    </message>
    <message>
        <source>What the assessment says of the cell</source>
        <translation>Ce que l’évaluation dit de la maille</translation>
    </message>
    <message>
        <source>Reading a cell</source>
        <translation>Lecture d’une maille</translation>
    </message>
    <message>
        <source>Asking map services</source>
        <translation>Interrogation des services cartographiques</translation>
    </message>
    <message>
        <source>Map services at this point</source>
        <translation>Services cartographiques en ce point</translation>
    </message>
    <message>
        <source>How sure the indicators are</source>
        <translation>À quel point les indicateurs sont sûrs</translation>
    </message>
    <message>
        <source>The cell itself</source>
        <translation>La maille elle-même</translation>
    </message>
    <message>
        <source>Predictors, from their source</source>
        <translation>Prédicteurs, depuis leur source</translation>
    </message>
    <message>
        <source>Not predicted present, highest scores</source>
        <translation>Non prédites présentes, scores les plus élevés</translation>
    </message>
    <message>
        <source>score ({scale})</source>
        <translation>score ({scale})</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>Groupe</translation>
    </message>
    <message>
        <source>This cell lies outside the conditions the model was trained on.</source>
        <translation>Cette maille est hors des conditions dans lesquelles le modèle a été entraîné.</translation>
    </message>
    <message>
        <source>2  From what: published maps</source>
        <translation>2  À partir de quoi : cartes publiées</translation>
    </message>
    <message>
        <source>Maps that GeoPl@ntNet has published are downloaded for your area. Unofficial client: neither GeoPl@ntNet nor Pl@ntNet made or endorses it.</source>
        <translation>Les cartes que GeoPl@ntNet a publiées sont téléchargées pour votre zone. Client non officiel : ni GeoPl@ntNet ni Pl@ntNet ne l’ont fait ou approuvé.</translation>
    </message>
    <message>
        <source>A text file with one scientific name a line; blank: all species</source>
        <translation>Un fichier texte avec un nom scientifique par ligne ; vide : toutes les espèces</translation>
    </message>
    <message>
        <source>Families</source>
        <translation>Familles</translation>
    </message>
    <message>
        <source>Family names separated by commas; blank: all</source>
        <translation>Noms de familles séparés par des virgules ; vide : toutes</translation>
    </message>
    <message>
        <source>Invasive species</source>
        <translation>Espèces envahissantes</translation>
    </message>
    <message>
        <source>Lists</source>
        <translation>Listes</translation>
    </message>
    <message>
        <source>Only species that one of these lists names</source>
        <translation>Seulement les espèces que nomme l’une de ces listes</translation>
    </message>
    <message>
        <source>Local flora</source>
        <translation>Flore locale</translation>
    </message>
    <message>
        <source>Id of a Pl@ntNet flora, as the algorithm “Nearest floras of Pl@ntNet” gives it; it needs an API key</source>
        <translation>Identifiant d’une flore Pl@ntNet, tel que le donne l’algorithme « Flores Pl@ntNet les plus proches » ; une clé d’API est nécessaire</translation>
    </message>
    <message>
        <source>Catalogue</source>
        <translation>Catalogue</translation>
    </message>
    <message>
        <source>Address of a catalogue in GeoPl@ntNet&apos;s form; blank: GeoPl@ntNet&apos;s</source>
        <translation>Adresse d’un catalogue de la forme de celui de GeoPl@ntNet ; vide : celui de GeoPl@ntNet</translation>
    </message>
    <message>
        <source>Terms and size …</source>
        <translation>Conditions et taille …</translation>
    </message>
    <message>
        <source>Shows the terms of use, then what would be downloaded; reads a few small files from the publisher once you accept</source>
        <translation>Montre les conditions d’utilisation, puis ce qui serait téléchargé ; lit quelques petits fichiers chez l’éditeur une fois que vous acceptez</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Arrêter</translation>
    </message>
    <message>
        <source>Ask the publisher no more</source>
        <translation>Ne plus interroger l’éditeur</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Arrêté.</translation>
    </message>
    <message>
        <source>Nothing was downloaded: the terms of use have not been accepted.</source>
        <translation>Rien n’a été téléchargé : les conditions d’utilisation n’ont pas été acceptées.</translation>
    </message>
    <message>
        <source>{taxa} species: about {requests} requests, {size} MB, {time}. Press Run to download.</source>
        <translation>{taxa} espèces : environ {requests} requêtes, {size} Mo, {time}. Cliquez sur Lancer pour télécharger.</translation>
    </message>
    <message>
        <source>{minutes} minutes</source>
        <translation>{minutes} minutes</translation>
    </message>
    <message>
        <source>about a minute</source>
        <translation>environ une minute</translation>
    </message>
    <message>
        <source>less than a minute</source>
        <translation>moins d’une minute</translation>
    </message>
    <message>
        <source>Only species on</source>
        <translation>Seulement les espèces de</translation>
    </message>
    <message>
        <source>Only these families</source>
        <translation>Seulement ces familles</translation>
    </message>
    <message>
        <source>Only species of the file</source>
        <translation>Seulement les espèces du fichier</translation>
    </message>
    <message>
        <source>Only the local flora</source>
        <translation>Seulement la flore locale</translation>
    </message>
    <message>
        <source>Make the report</source>
        <translation>Faire le rapport</translation>
    </message>
    <message>
        <source>Write report.html and report.pdf into the assessment&apos;s folder; an earlier report is replaced</source>
        <translation>Écrire report.html et report.pdf dans le dossier de l’évaluation ; un rapport antérieur est remplacé</translation>
    </message>
    <message>
        <source>Open HTML</source>
        <translation>Ouvrir le HTML</translation>
    </message>
    <message>
        <source>Open the report in the browser</source>
        <translation>Ouvrir le rapport dans le navigateur</translation>
    </message>
    <message>
        <source>Open PDF</source>
        <translation>Ouvrir le PDF</translation>
    </message>
    <message>
        <source>Open the report in the PDF reader</source>
        <translation>Ouvrir le rapport dans le lecteur de PDF</translation>
    </message>
    <message>
        <source>Insert into a print layout</source>
        <translation>Insérer dans une mise en page</translation>
    </message>
    <message>
        <source>Make a print layout with the visible map, its legend, sentences, the coverage table and the sources; change it and export it as you like</source>
        <translation>Créer une mise en page avec la carte visible, sa légende, des phrases, le tableau de couverture et les sources ; modifiez-la et exportez-la à votre guise</translation>
    </message>
    <message>
        <source>The report is in {folder}.</source>
        <translation>Le rapport est dans {folder}.</translation>
    </message>
    <message>
        <source>The layout “{name}” is in the project.</source>
        <translation>La mise en page « {name} » est dans le projet.</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Comparer</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Rapport</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Continuer</translation>
    </message>
    <message>
        <source>Goes on where it stopped: what is finished is kept</source>
        <translation>Reprend là où elle s’est arrêtée : ce qui est terminé est gardé</translation>
    </message>
    <message>
        <source>Do not ask again</source>
        <translation>Ne plus demander</translation>
    </message>
    <message>
        <source>Leaves the folder as it is and offers it no more</source>
        <translation>Laisse le dossier tel quel et ne le propose plus</translation>
    </message>
    <message>
        <source>The assessment “{name}” is not finished ({folder}).</source>
        <translation>L’évaluation « {name} » n’est pas terminée ({folder}).</translation>
    </message>
    <message>
        <source>Add layers of a map service</source>
        <translation>Ajouter des couches d’un service cartographique</translation>
    </message>
    <message>
        <source>A service of your own</source>
        <translation>Un service à vous</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>Service</translation>
    </message>
    <message>
        <source>Services named in the settings&apos; file of services</source>
        <translation>Services nommés dans le fichier des services des réglages</translation>
    </message>
    <message>
        <source>XYZ tiles</source>
        <translation>Tuiles XYZ</translation>
    </message>
    <message>
        <source>Kind of service</source>
        <translation>Type de service</translation>
    </message>
    <message>
        <source>What kind of service the address belongs to</source>
        <translation>À quel type de service appartient l’adresse</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Address of the service; that of tiles holds {z}, {x} and {y}</source>
        <translation>Adresse du service ; celle de tuiles contient {z}, {x} et {y}</translation>
    </message>
    <message>
        <source>List layers</source>
        <translation>Lister les couches</translation>
    </message>
    <message>
        <source>Asks the service what it offers</source>
        <translation>Demande au service ce qu’il offre</translation>
    </message>
    <message>
        <source>Layers of the service</source>
        <translation>Couches du service</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>Opacité</translation>
    </message>
    <message>
        <source>Opacity of the layers in percent</source>
        <translation>Opacité des couches en pour cent</translation>
    </message>
    <message>
        <source>Unofficial client: not endorsed by GeoPl@ntNet or Pl@ntNet. The terms of use are those of the service. WMS layers bring their legend; tiles have none.</source>
        <translation>Client non officiel : non approuvé par GeoPl@ntNet ni Pl@ntNet. Les conditions d’utilisation sont celles du service. Les couches WMS apportent leur légende ; les tuiles n’en ont pas.</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Ajouter</translation>
    </message>
    <message>
        <source>Asking a map service</source>
        <translation>Interrogation d’un service cartographique</translation>
    </message>
    <message>
        <source>Asking the service …</source>
        <translation>Interrogation du service …</translation>
    </message>
    <message>
        <source>Layers added: {count}. The point tool of the results asks them too.</source>
        <translation>Couches ajoutées : {count}. L’outil Point des résultats les interroge aussi.</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Type</translation>
    </message>
    <message>
        <source>The address of this service is not published: enter the one you were given, or put it into the file of services (Settings, Options, GeoPl@ntNet).</source>
        <translation>L’adresse de ce service n’est pas publiée : saisissez celle qui vous a été donnée, ou mettez-la dans le fichier des services (Préférences, Options, GeoPl@ntNet).</translation>
    </message>
    <message>
        <source>{count} layers: choose one or more.</source>
        <translation>{count} couches : choisissez-en une ou plusieurs.</translation>
    </message>
    <message>
        <source>Folder of wheels</source>
        <translation>Dossier de paquets « wheel »</translation>
    </message>
    <message>
        <source>Models folder</source>
        <translation>Dossier des modèles</translation>
    </message>
    <message>
        <source>File of services</source>
        <translation>Fichier des services</translation>
    </message>
    <message>
        <source>File of predictor sources</source>
        <translation>Fichier des sources de prédicteurs</translation>
    </message>
    <message>
        <source>Language of QGIS</source>
        <translation>Langue de QGIS</translation>
    </message>
    <message>
        <source>hectares</source>
        <translation>hectares</translation>
    </message>
    <message>
        <source>square kilometres</source>
        <translation>kilomètres carrés</translation>
    </message>
    <message>
        <source>Unit of areas</source>
        <translation>Unité des surfaces</translation>
    </message>
    <message>
        <source>Download: about {download} MB; on disk: about {installed} MB</source>
        <translation>Téléchargement : environ {download} Mo ; sur le disque : environ {installed} Mo</translation>
    </message>
    <message>
        <source>Empty the cache</source>
        <translation>Vider le cache</translation>
    </message>
    <message>
        <source>Deletes what services have answered; it is fetched again when it is needed</source>
        <translation>Supprime ce que les services ont répondu ; c’est redemandé au besoin</translation>
    </message>
    <message>
        <source>Asking the engine</source>
        <translation>Interrogation du moteur</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>Moteur</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>État</translation>
    </message>
    <message>
        <source>Use this Python</source>
        <translation>Utiliser ce Python</translation>
    </message>
    <message>
        <source>Versions in use</source>
        <translation>Versions utilisées</translation>
    </message>
    <message>
        <source>Models, services and cache</source>
        <translation>Modèles, services et cache</translation>
    </message>
    <message>
        <source>Services (JSON)</source>
        <translation>Services (JSON)</translation>
    </message>
    <message>
        <source>Predictor sources (JSON)</source>
        <translation>Sources de prédicteurs (JSON)</translation>
    </message>
    <message>
        <source>Cache</source>
        <translation>Cache</translation>
    </message>
    <message>
        <source>Language and units</source>
        <translation>Langue et unités</translation>
    </message>
    <message>
        <source>Language (the window follows after a restart)</source>
        <translation>Langue (la fenêtre suit après un redémarrage)</translation>
    </message>
    <message>
        <source>Areas in</source>
        <translation>Surfaces en</translation>
    </message>
    <message>
        <source>chosen here</source>
        <translation>choisi ici</translation>
    </message>
    <message>
        <source>beside the plugin</source>
        <translation>à côté de l’extension</translation>
    </message>
    <message>
        <source>built in your QGIS profile</source>
        <translation>construit dans votre profil QGIS</translation>
    </message>
    <message>
        <source>Ready, {origin}: {python}</source>
        <translation>Prêt, {origin} : {python}</translation>
    </message>
    <message>
        <source>Asking the engine …</source>
        <translation>Interrogation du moteur …</translation>
    </message>
    <message>
        <source>{size:.1f} MB in {folder}</source>
        <translation>{size:.1f} Mo dans {folder}</translation>
    </message>
    <message>
        <source>{name}; blank: what the plugin uses by itself</source>
        <translation>{name} ; vide : ce que l’extension utilise d’elle-même</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>Score</translation>
    </message>
    <message>
        <source>Show the score of every cell</source>
        <translation>Montrer le score de chaque maille</translation>
    </message>
    <message>
        <source>Present above</source>
        <translation>Présente au-dessus de</translation>
    </message>
    <message>
        <source>Show two colours: predicted present above the threshold, and not</source>
        <translation>Montrer deux couleurs : prédite présente au-dessus du seuil, et non</translation>
    </message>
    <message>
        <source>Threshold of presence</source>
        <translation>Seuil de présence</translation>
    </message>
    <message>
        <source>The score above which the layer shows the species as present</source>
        <translation>Le score au-dessus duquel la couche montre l’espèce comme présente</translation>
    </message>
    <message>
        <source>Opacity of the layer</source>
        <translation>Opacité de la couche</translation>
    </message>
    <message>
        <source>Tree</source>
        <translation>Arbre</translation>
    </message>
    <message>
        <source>Trees; blank: no or unknown</source>
        <translation>Arbres ; vide : non ou inconnu</translation>
    </message>
    <message>
        <source>Invasive alien species; blank: no or unknown</source>
        <translation>Espèces exotiques envahissantes ; vide : non ou inconnu</translation>
    </message>
    <message>
        <source>EU directive</source>
        <translation>Directive UE</translation>
    </message>
    <message>
        <source>Listed in the EU Habitats Directive; blank: no or unknown</source>
        <translation>Inscrite dans la directive Habitats de l’UE ; vide : non ou inconnu</translation>
    </message>
    <message>
        <source>Endemic species; blank: no or unknown</source>
        <translation>Espèces endémiques ; vide : non ou inconnu</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>oui</translation>
    </message>
    <message>
        <source>no</source>
        <translation>non</translation>
    </message>
    <message>
        <source>EU Habitats Directive: {annex}</source>
        <translation>Directive Habitats de l’UE : {annex}</translation>
    </message>
    <message>
        <source>{title}: {answer}</source>
        <translation>{title} : {answer}</translation>
    </message>
    <message>
        <source>Filter species</source>
        <translation>Filtrer les espèces</translation>
    </message>
    <message>
        <source>Export …</source>
        <translation>Exporter …</translation>
    </message>
    <message>
        <source>Write the selected rows, or all that are shown, to a CSV file</source>
        <translation>Écrire les lignes sélectionnées, ou toutes celles qui sont affichées, dans un fichier CSV</translation>
    </message>
    <message>
        <source>Mean score</source>
        <translation>Score moyen</translation>
    </message>
    <message>
        <source>Highest score</source>
        <translation>Score maximal</translation>
    </message>
    <message>
        <source>Export the species table</source>
        <translation>Exporter le tableau des espèces</translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation>Fichiers CSV (*.csv)</translation>
    </message>
    <message>
        <source>Written to {path}</source>
        <translation>Écrit dans {path}</translation>
    </message>
    <message>
        <source>Part of the area</source>
        <translation>Partie de la zone</translation>
    </message>
    <message>
        <source>Coverage of a polygon you draw, or of selected polygons of a layer</source>
        <translation>Couverture d’un polygone que vous dessinez, ou de polygones sélectionnés d’une couche</translation>
    </message>
    <message>
        <source>Coverage of a part of the area</source>
        <translation>Couverture d’une partie de la zone</translation>
    </message>
    <message>
        <source>Computing the coverage of “{name}” …</source>
        <translation>Calcul de la couverture de « {name} » …</translation>
    </message>
    <message>
        <source>Draw a polygon on the map</source>
        <translation>Dessiner un polygone sur la carte</translation>
    </message>
    <message>
        <source>Selected polygons of {layer} ({count})</source>
        <translation>Polygones sélectionnés de {layer} ({count})</translation>
    </message>
    <message>
        <source>Whole area</source>
        <translation>Toute la zone</translation>
    </message>
    <message>
        <source>Polygon drawn</source>
        <translation>Polygone dessiné</translation>
    </message>
    <message>
        <source>Whole area: {cells} cells</source>
        <translation>Toute la zone : {cells} mailles</translation>
    </message>
    <message>
        <source>The table could not be written to {path}: {reason}</source>
        <translation>Le tableau n’a pas pu être écrit dans {path} : {reason}</translation>
    </message>
    <message>
        <source>Before the first download</source>
        <translation>Avant le premier téléchargement</translation>
    </message>
    <message>
        <source>{stage}: {done} of {total}</source>
        <translation>{stage} : {done} sur {total}</translation>
    </message>
    <message>
        <source>Add layers of a map service …</source>
        <translation>Ajouter des couches d’un service cartographique …</translation>
    </message>
    <message>
        <source>WMS, WMTS or XYZ tiles: GeoPl@ntNet&apos;s or your own</source>
        <translation>WMS, WMTS ou tuiles XYZ : ceux de GeoPl@ntNet ou les vôtres</translation>
    </message>
    <message>
        <source>Pl@ntNet API key …</source>
        <translation>Clé d’API Pl@ntNet …</translation>
    </message>
    <message>
        <source>Keeps your key in QGIS&apos;s authentication store</source>
        <translation>Garde votre clé dans le magasin d’authentification de QGIS</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>Qualité</translation>
    </message>
    <message>
        <source>Species: predicted present</source>
        <translation>Espèces : prédites présentes</translation>
    </message>
    <message>
        <source>{name}: score above {threshold:.4g}</source>
        <translation>{name} : score supérieur à {threshold:.4g}</translation>
    </message>
    <message>
        <source>Where the score of {name} on the scale “{scale}” is above {threshold:.4g}: predicted, not observed. Set rule of the assessment: {rule}</source>
        <translation>Là où le score de {name} sur l’échelle « {scale} » dépasse {threshold:.4g} : prédit, non observé. Règle d’assemblage de l’évaluation : {rule}</translation>
    </message>
    <message>
        <source>{title}: {first} − {second}</source>
        <translation>{title} : {first} − {second}</translation>
    </message>
    <message>
        <source>{title} of “{first}” minus that of “{second}” ({date}). Orange: less, purple: more. Colours end at half the range of the values. No data where either has none. Agreement does not show that either is right.</source>
        <translation>{title} de « {first} » moins celui de « {second} » ({date}). Orange : moins ; violet : plus. Les couleurs s’arrêtent à la moitié de l’étendue des valeurs. Pas de données là où l’une ou l’autre n’en a pas. L’accord ne montre pas que l’une ou l’autre a raison.</translation>
    </message>
    <message>
        <source>Source: {source}, version {version}; assessed on {date}.</source>
        <translation>Source : {source}, version {version} ; évaluée le {date}.</translation>
    </message>
    <message>
        <source>source not found: {source}</source>
        <translation>source introuvable : {source}</translation>
    </message>
    <message>
        <source>{file} cannot be read: {reason}</source>
        <translation>{file} ne peut pas être lu : {reason}</translation>
    </message>
    <message>
        <source>Similarity of assemblages ({name})</source>
        <translation>Similarité des assemblages ({name})</translation>
    </message>
    <message>
        <source>Difference, first − second: {name}</source>
        <translation>Différence, première − seconde : {name}</translation>
    </message>
    <message>
        <source>Agreement of species</source>
        <translation>Accord par espèce</translation>
    </message>
    <message>
        <source>no table</source>
        <translation>pas de tableau</translation>
    </message>
    <message>
        <source>The two assessments are on different grids ({first} and {second}): run one of them again with the resolution and coordinate system of the other.</source>
        <translation>Les deux évaluations sont sur des grilles différentes ({first} et {second}) : refaites l’une avec la résolution et le système de coordonnées de l’autre.</translation>
    </message>
    <message>
        <source>The two assessments have no cell in common.</source>
        <translation>Les deux évaluations n’ont aucune maille en commun.</translation>
    </message>
    <message>
        <source>The difference could not be written to {folder}: {reason}</source>
        <translation>La différence n’a pas pu être écrite dans {folder} : {reason}</translation>
    </message>
    <message>
        <source>Predicted, not observed: this prepares a field inventory and does not replace it.</source>
        <translation>Prédit, non observé : ceci prépare un inventaire de terrain et ne le remplace pas.</translation>
    </message>
    <message>
        <source>The first {shown} of {all} taxa; scores are on the scale “{scale}”.</source>
        <translation>Les {shown} premiers taxons sur {all} ; les scores sont sur l’échelle « {scale} ».</translation>
    </message>
    <message>
        <source>{file} cannot be read. Check that it lies where the assessment was written.</source>
        <translation>{file} ne peut pas être lu. Vérifiez qu’il se trouve là où l’évaluation a été écrite.</translation>
    </message>
    <message>
        <source>nothing here</source>
        <translation>rien ici</translation>
    </message>
    <message>
        <source>The layer {name} could not be opened: {reason}</source>
        <translation>La couche {name} n’a pas pu être ouverte : {reason}</translation>
    </message>
    <message>
        <source>the service gave no reason</source>
        <translation>le service n’a donné aucune raison</translation>
    </message>
    <message>
        <source>Enter the address of the service, beginning with https://.</source>
        <translation>Saisissez l’adresse du service, qui commence par https://.</translation>
    </message>
    <message>
        <source>The address of tiles holds {z}, {x} and {y}; this one does not.</source>
        <translation>L’adresse de tuiles contient {z}, {x} et {y} ; celle-ci non.</translation>
    </message>
    <message>
        <source>{host} sent no description of a map service; check address and kind.</source>
        <translation>{host} n’a envoyé aucune description d’un service cartographique ; vérifiez l’adresse et le type.</translation>
    </message>
    <message>
        <source>{host} offers no layer; check address and kind.</source>
        <translation>{host} n’offre aucune couche ; vérifiez l’adresse et le type.</translation>
    </message>
    <message>
        <source>{host} did not answer as a map service does: check the address and the network.</source>
        <translation>{host} n’a pas répondu comme le fait un service cartographique : vérifiez l’adresse et le réseau.</translation>
    </message>
    <message>
        <source>Comparison</source>
        <translation>Comparaison</translation>
    </message>
    <message>
        <source>not predicted present: score up to {score}</source>
        <translation>non prédite présente : score jusqu’à {score}</translation>
    </message>
    <message>
        <source>predicted present: score above {score}</source>
        <translation>prédite présente : score supérieur à {score}</translation>
    </message>
    <message>
        <source>“{name}” holds no assessed cell. Choose polygons inside the assessed area.</source>
        <translation>« {name} » ne contient aucune maille évaluée. Choisissez des polygones à l’intérieur de la zone évaluée.</translation>
    </message>
    <message>
        <source>The polygons cannot be brought into the coordinate system of the assessment: {reason}</source>
        <translation>Les polygones ne peuvent pas être amenés dans le système de coordonnées de l’évaluation : {reason}</translation>
    </message>
    <message>
        <source>The buffer around the area could not be made: check the coordinate system of its layer ({reason}).</source>
        <translation>Le tampon autour de la zone n’a pas pu être fait : vérifiez le système de coordonnées de sa couche ({reason}).</translation>
    </message>
    <message>
        <source>Predicts which plant species are likely in an area, cell by cell, with a species distribution model, and writes an assessment: species maps, biodiversity indicators, a coverage table (the share of the area&apos;s cells in which each species is predicted), a map and a QGIS project, all in one folder.

Give the area as polygons or as an extent, and the rasters that hold the model&apos;s predictors; or take GeoPl@ntNet&apos;s published maps instead of a model (an unofficial client, without endorsement). The result is a prediction, not an observation: absence here is not absence on site.

A cancelled or interrupted run continues when it is started again with the same output folder.</source>
        <translation>Prédit quelles espèces de plantes sont probables dans une zone, maille par maille, avec un modèle de distribution d’espèces, et écrit une évaluation : cartes d’espèces, indicateurs de biodiversité, tableau de couverture (la part des mailles de la zone où chaque espèce est prédite), carte et projet QGIS, le tout dans un dossier.

Donnez la zone comme polygones ou comme emprise, et les rasters qui contiennent les prédicteurs du modèle ; ou prenez les cartes publiées de GeoPl@ntNet au lieu d’un modèle (client non officiel, sans approbation). Le résultat est une prédiction, non une observation : l’absence ici n’est pas l’absence sur le site.

Un calcul annulé ou interrompu continue quand on le relance avec le même dossier de sortie.</translation>
    </message>
    <message>
        <source>Local model</source>
        <translation>Modèle local</translation>
    </message>
    <message>
        <source>GeoPl@ntNet&apos;s published maps (unofficial client)</source>
        <translation>Cartes publiées de GeoPl@ntNet (client non officiel)</translation>
    </message>
    <message>
        <source>ISO 3166 code, such as CH or CH-VD: lists that are not in force there do not count. Blank: by QGIS&apos;s world map, where the whole area lies well inside one country.</source>
        <translation>Code ISO 3166, comme CH ou CH-VD : les listes qui n’y sont pas en vigueur ne comptent pas. Vide : d’après la carte du monde de QGIS, si toute la zone est bien à l’intérieur d’un seul pays.</translation>
    </message>
    <message>
        <source>Tell areas apart by this field</source>
        <translation>Distinguer les zones par ce champ</translation>
    </message>
    <message>
        <source>Its values name areas that get rows of their own in the tables and the report.</source>
        <translation>Ses valeurs nomment des zones qui ont leurs propres lignes dans les tableaux et le rapport.</translation>
    </message>
    <message>
        <source>Habitat table</source>
        <translation>Tableau d’habitats</translation>
    </message>
    <message>
        <source>Habitat types by their species: a CSV file with the columns habitat, name, taxon and constancy (%). It adds the indicator “habitat”.</source>
        <translation>Types d’habitats par leurs espèces : un fichier CSV avec les colonnes habitat, name, taxon et constancy (%). Il ajoute l’indicateur « habitat ».</translation>
    </message>
    <message>
        <source>Another assessment is being written to {folder}: wait for it, or choose another folder.</source>
        <translation>Une autre évaluation s’écrit dans {folder} : attendez-la, ou choisissez un autre dossier.</translation>
    </message>
    <message>
        <source>Country of the site: {country}. Lists that are not in force there do not count.</source>
        <translation>Pays du site : {country}. Les listes qui n’y sont pas en vigueur ne comptent pas.</translation>
    </message>
    <message>
        <source>The country of the site is not known: every list counts in the indicators, and the report gives no verdict on lists of a country or of the EU.</source>
        <translation>Le pays du site est inconnu : toutes les listes comptent dans les indicateurs, et le rapport ne donne aucun verdict sur les listes d’un pays ou de l’UE.</translation>
    </message>
    <message>
        <source>Check a model for an area</source>
        <translation>Vérifier un modèle pour une zone</translation>
    </message>
    <message>
        <source>Looks at an area before it is assessed: which band gives each of the model&apos;s predictors and whether its values can be right, how many of the cells lie outside the conditions the model was trained on (from a sample of up to 2,000 cells), and of how many of the model&apos;s species the status is known. Nothing is written.</source>
        <translation>Examine une zone avant de l’évaluer : quelle bande donne chacun des prédicteurs du modèle et si ses valeurs peuvent être justes, combien de mailles sont hors des conditions dans lesquelles le modèle a été entraîné (sur un échantillon d’au plus 2 000 mailles), et de combien d’espèces du modèle le statut est connu. Rien n’est écrit.</translation>
    </message>
    <message>
        <source>Cells outside the model&apos;s domain (%)</source>
        <translation>Mailles hors du domaine du modèle (%)</translation>
    </message>
    <message>
        <source>All findings (JSON)</source>
        <translation>Toutes les constatations (JSON)</translation>
    </message>
    <message>
        <source>Compare two assessments</source>
        <translation>Comparer deux évaluations</translation>
    </message>
    <message>
        <source>Compares two assessments, for example a local model and GeoPl@ntNet's published maps. On one grid: Spearman's rank correlation and a difference map for each species that both know, and the similarity of the assemblages (Jaccard, Sørensen) in each cell. Agreement does not show that either is right.

Where the scores are on different scales the differences are of ranks from 0 to 1.

Before and after, or a reference area and a site, need no cell in common: the coverage of every species with its interval and the mean of every indicator are compared as tables and a page.</source>
        <translation>Compare deux évaluations, par exemple un modèle local et les cartes publiées de GeoPl@ntNet. Sur une même grille : corrélation de rang de Spearman et carte de différence pour chaque espèce que connaissent les deux, et similarité des assemblages (Jaccard, Sørensen) dans chaque maille. L’accord ne montre pas que l’une ou l’autre a raison.

Là où les scores sont sur des échelles différentes, les différences sont celles de rangs de 0 à 1.

Avant et après, ou une zone de référence et un site, n’ont pas besoin de maille commune : la couverture de chaque espèce avec son intervalle et la moyenne de chaque indicateur sont comparées en tableaux et sur une page.</translation>
    </message>
    <message>
        <source>First assessment</source>
        <translation>Première évaluation</translation>
    </message>
    <message>
        <source>Second assessment</source>
        <translation>Seconde évaluation</translation>
    </message>
    <message>
        <source>The folder of a finished assessment.</source>
        <translation>Le dossier d’une évaluation terminée.</translation>
    </message>
    <message>
        <source>Open the layers when it is finished</source>
        <translation>Ouvrir les couches à la fin</translation>
    </message>
    <message>
        <source>Adds similarity, the species that differ most and the table to the project.</source>
        <translation>Ajoute au projet la similarité, les espèces qui diffèrent le plus et le tableau.</translation>
    </message>
    <message>
        <source>Comparison folder</source>
        <translation>Dossier de la comparaison</translation>
    </message>
    <message>
        <source>A new or empty folder.</source>
        <translation>Un dossier nouveau ou vide.</translation>
    </message>
    <message>
        <source>Agreement of species (CSV)</source>
        <translation>Accord par espèce (CSV)</translation>
    </message>
    <message>
        <source>Difference maps, a band a species</source>
        <translation>Cartes de différence, une bande par espèce</translation>
    </message>
    <message>
        <source>Comparison of the areas (HTML)</source>
        <translation>Comparaison des zones (HTML)</translation>
    </message>
    <message>
        <source>Differences of coverage (CSV)</source>
        <translation>Différences de couverture (CSV)</translation>
    </message>
    <message>
        <source>Species in common</source>
        <translation>Espèces en commun</translation>
    </message>
    <message>
        <source>Median rank correlation of scores</source>
        <translation>Corrélation de rang médiane des scores</translation>
    </message>
    <message>
        <source>Mean Jaccard similarity</source>
        <translation>Similarité de Jaccard moyenne</translation>
    </message>
    <message>
        <source>Mean Sørensen similarity</source>
        <translation>Similarité de Sørensen moyenne</translation>
    </message>
    <message>
        <source>Plan the predictors of a model</source>
        <translation>Planifier les prédicteurs d’un modèle</translation>
    </message>
    <message>
        <source>Finds for each of a model's predictors the band that gives it, by name, and checks it over the area: coordinate system, resolution, how values are resampled, unit, share of the area with values. The table shows what was found; the plan is a small JSON file that can be edited and is obeyed when it is given as “Saved plan of predictors”. Nothing is guessed: a predictor without a band, or with two, stops with a sentence.</source>
        <translation>Trouve pour chacun des prédicteurs d’un modèle la bande qui le donne, par son nom, et la vérifie sur la zone : système de coordonnées, résolution, rééchantillonnage des valeurs, unité, part de la zone qui a des valeurs. Le tableau montre ce qui a été trouvé ; le plan est un petit fichier JSON que l’on peut modifier, et qui est suivi quand on le donne comme « Plan de prédicteurs enregistré ». Rien n’est deviné : un prédicteur sans bande, ou avec deux, arrête avec une phrase.</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>Tableau</translation>
    </message>
    <message>
        <source>Web pages (*.html)</source>
        <translation>Pages web (*.html)</translation>
    </message>
    <message>
        <source>Predictor, source, band, coordinate system, resolution, resampling, unit and coverage.</source>
        <translation>Prédicteur, source, bande, système de coordonnées, résolution, rééchantillonnage, unité et couverture.</translation>
    </message>
    <message>
        <source>Plan of predictors</source>
        <translation>Plan de prédicteurs</translation>
    </message>
    <message>
        <source>Plans (*.json)</source>
        <translation>Plans (*.json)</translation>
    </message>
    <message>
        <source>A small file that can be given again, edited or as it is.</source>
        <translation>Un petit fichier que l’on peut redonner, modifié ou tel quel.</translation>
    </message>
    <message>
        <source>Effective resolution (m)</source>
        <translation>Résolution effective (m)</translation>
    </message>
    <message>
        <source>Build the predictor cube of an area</source>
        <translation>Construire le cube de prédicteurs d’une zone</translation>
    </message>
    <message>
        <source>Reads a model's predictors over an area, on the grid of its assessment, and keeps them in a folder: one raster (COG) for each input of the model with band names and units, and cube.json, which says where each band comes from. The folder, given as “folder of predictor rasters” for the same area and cell size, gives the same scores to the bit, without the sources and without a network.</source>
        <translation>Lit les prédicteurs d’un modèle sur une zone, sur la grille de son évaluation, et les garde dans un dossier : un raster (COG) pour chaque entrée du modèle, avec noms de bandes et unités, et cube.json, qui dit d’où vient chaque bande. Le dossier, donné comme « dossier de rasters de prédicteurs » pour la même zone et la même taille de maille, donne les mêmes scores au bit près, sans les sources et sans réseau.</translation>
    </message>
    <message>
        <source>Cube folder</source>
        <translation>Dossier du cube</translation>
    </message>
    <message>
        <source>A new or empty folder. A cancelled run leaves nothing behind.</source>
        <translation>Un dossier nouveau ou vide. Un calcul annulé ne laisse rien derrière lui.</translation>
    </message>
    <message>
        <source>Description of the cube (cube.json)</source>
        <translation>Description du cube (cube.json)</translation>
    </message>
    <message>
        <source>No cube folder: choose where the cube is written.</source>
        <translation>Pas de dossier pour le cube : choisissez où il est écrit.</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Fichier</translation>
    </message>
    <message>
        <source>Band</source>
        <translation>Bande</translation>
    </message>
    <message>
        <source>Coordinate system</source>
        <translation>Système de coordonnées</translation>
    </message>
    <message>
        <source>Resolution (m)</source>
        <translation>Résolution (m)</translation>
    </message>
    <message>
        <source>Resampling</source>
        <translation>Rééchantillonnage</translation>
    </message>
    <message>
        <source>Coverage of the area (%)</source>
        <translation>Couverture de la zone (%)</translation>
    </message>
    <message>
        <source>File date</source>
        <translation>Date du fichier</translation>
    </message>
    <message>
        <source>Effective resolution: {resolution:g} m</source>
        <translation>Résolution effective : {resolution:g} m</translation>
    </message>
    <message>
        <source>Terms and size of published maps</source>
        <translation>Conditions et taille des cartes publiées</translation>
    </message>
    <message>
        <source>Shows the terms of use of GeoPl@ntNet&apos;s published maps and, once they are accepted, what an assessment of the area would download: requests, megabytes, minutes. For that the catalogue and the headers of a few maps are read.

This is an unofficial client, made and endorsed by neither GeoPl@ntNet nor Pl@ntNet.</source>
        <translation>Montre les conditions d’utilisation des cartes publiées de GeoPl@ntNet et, une fois acceptées, ce qu’une évaluation de la zone téléchargerait : requêtes, mégaoctets, minutes. Pour cela, le catalogue et les en-têtes de quelques cartes sont lus.

C’est un client non officiel, que ni GeoPl@ntNet ni Pl@ntNet n’ont fait ou approuvé.</translation>
    </message>
    <message>
        <source>Terms of use</source>
        <translation>Conditions d’utilisation</translation>
    </message>
    <message>
        <source>Accepted on</source>
        <translation>Acceptées le</translation>
    </message>
    <message>
        <source>Number of species</source>
        <translation>Nombre d’espèces</translation>
    </message>
    <message>
        <source>Number of requests</source>
        <translation>Nombre de requêtes</translation>
    </message>
    <message>
        <source>Megabytes to download</source>
        <translation>Mégaoctets à télécharger</translation>
    </message>
    <message>
        <source>Minutes of download</source>
        <translation>Minutes de téléchargement</translation>
    </message>
    <message>
        <source>The terms have not been accepted yet: tick the box to accept them and to see what would be downloaded.</source>
        <translation>Les conditions n’ont pas encore été acceptées : cochez la case pour les accepter et voir ce qui serait téléchargé.</translation>
    </message>
    <message>
        <source>{taxa} species, {maps} of {all} maps not cached: about {requests} requests, {size} MB, {minutes} minutes.</source>
        <translation>{taxa} espèces, {maps} cartes sur {all} absentes du cache : environ {requests} requêtes, {size} Mo, {minutes} minutes.</translation>
    </message>
    <message>
        <source>This is more than the limit of {limit} MB: an assessment would refuse it. Choose a smaller area or fewer species.</source>
        <translation>C’est plus que la limite de {limit} Mo : une évaluation le refuserait. Choisissez une zone plus petite ou moins d’espèces.</translation>
    </message>
    <message>
        <source>Species of a Pl@ntNet flora</source>
        <translation>Espèces d’une flore Pl@ntNet</translation>
    </message>
    <message>
        <source>Lists the species of a flora with common names, GBIF and POWO ids and IUCN Red List category, as Pl@ntNet states them on the day of the question. A blank category is unknown, not “least concern”. Join the table by name to enrich others.

It needs a key of the Pl@ntNet API (menu GeoPl@ntNet, “Pl@ntNet API key”). This is an unofficial client, not endorsed by Pl@ntNet.</source>
        <translation>Liste les espèces d’une flore avec noms communs, identifiants GBIF et POWO et catégorie de la Liste rouge de l’UICN, tels que Pl@ntNet les donne le jour de la question. Une catégorie vide est inconnue, et non « préoccupation mineure ». Joignez le tableau par le nom pour en enrichir d’autres.

Une clé de l’API Pl@ntNet est nécessaire (menu GeoPl@ntNet, « Clé d’API Pl@ntNet »). C’est un client non officiel, non approuvé par Pl@ntNet.</translation>
    </message>
    <message>
        <source>Flora</source>
        <translation>Flore</translation>
    </message>
    <message>
        <source>Its id, as “Nearest floras of Pl@ntNet” gives it.</source>
        <translation>Son identifiant, tel que le donne « Flores Pl@ntNet les plus proches ».</translation>
    </message>
    <message>
        <source>No flora: give its id.</source>
        <translation>Pas de flore : donnez son identifiant.</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modèles</translation>
    </message>
    <message>
        <source>Show a model&apos;s card</source>
        <translation>Montrer la fiche d’un modèle</translation>
    </message>
    <message>
        <source>What a model needs and gives, what it was trained on, how good it is beside simpler models, where it may not be used, and its licence.</source>
        <translation>Ce qu’un modèle demande et donne, sur quoi il a été entraîné, ce qu’il vaut à côté de modèles plus simples, où il ne doit pas servir, et sa licence.</translation>
    </message>
    <message>
        <source>HTML files (*.html)</source>
        <translation>Fichiers HTML (*.html)</translation>
    </message>
    <message>
        <source>The page with the card; it opens in the results viewer.</source>
        <translation>La page de la fiche ; elle s’ouvre dans le visualiseur de résultats.</translation>
    </message>
    <message>
        <source>Number of taxa</source>
        <translation>Nombre de taxons</translation>
    </message>
    <message>
        <source>The card (JSON)</source>
        <translation>La fiche (JSON)</translation>
    </message>
    <message>
        <source>Check a model package</source>
        <translation>Vérifier un paquet de modèle</translation>
    </message>
    <message>
        <source>Compares card, network and list of taxa, runs a few cells, and says in a sentence each what is wrong or what the card leaves unsaid. It fails when the model cannot be used.</source>
        <translation>Compare fiche, réseau et liste des taxons, calcule quelques mailles, et dit en une phrase chacun ce qui ne va pas ou ce que la fiche tait. Échoue quand le modèle ne peut pas servir.</translation>
    </message>
    <message>
        <source>Number of weak points</source>
        <translation>Nombre de points faibles</translation>
    </message>
    <message>
        <source>Card, network and taxa agree; a trial run gave scores as the card says.</source>
        <translation>Fiche, réseau et taxons concordent ; un essai a donné des scores comme le dit la fiche.</translation>
    </message>
    <message>
        <source>Install a model package</source>
        <translation>Installer un paquet de modèle</translation>
    </message>
    <message>
        <source>Checks a model package and copies it among your own models, from where every algorithm and the panel offer it by name. A package that is not in order is not installed. Nothing in a package is run but its network, and that only with the operators of the ONNX standard.</source>
        <translation>Vérifie un paquet de modèle et le copie parmi vos propres modèles, d’où tous les algorithmes et le panneau le proposent par son nom. Un paquet qui n’est pas en ordre n’est pas installé. D’un paquet, rien n’est exécuté que son réseau, et celui-ci seulement avec les opérateurs de la norme ONNX.</translation>
    </message>
    <message>
        <source>A zip file, or the card.json of a package that is a folder.</source>
        <translation>Un fichier zip, ou le card.json d’un paquet qui est un dossier.</translation>
    </message>
    <message>
        <source>Name of the model</source>
        <translation>Nom du modèle</translation>
    </message>
    <message>
        <source>Folder of the model</source>
        <translation>Dossier du modèle</translation>
    </message>
    <message>
        <source>The model “{name}” ({taxa} taxa) is in {folder}.</source>
        <translation>Le modèle « {name} » ({taxa} taxons) est dans {folder}.</translation>
    </message>
    <message>
        <source>Remove a model of your own</source>
        <translation>Supprimer un modèle à vous</translation>
    </message>
    <message>
        <source>Deletes one of your own models from this computer, by its name. The models that come with the plugin stay.</source>
        <translation>Efface de cet ordinateur l’un de vos propres modèles, par son nom. Les modèles livrés avec l’extension restent.</translation>
    </message>
    <message>
        <source>Folder that is gone</source>
        <translation>Dossier supprimé</translation>
    </message>
    <message>
        <source>{folder} is removed.</source>
        <translation>{folder} est supprimé.</translation>
    </message>
    <message>
        <source>Nearest floras of Pl@ntNet</source>
        <translation>Flores Pl@ntNet les plus proches</translation>
    </message>
    <message>
        <source>Lists the floras of Pl@ntNet, the nearest to the area first. The id of a flora restricts published maps to its species and gives “Species of a Pl@ntNet flora”.

It needs a key of the Pl@ntNet API (menu GeoPl@ntNet, “Pl@ntNet API key”). This is an unofficial client, not endorsed by Pl@ntNet.</source>
        <translation>Liste les flores de Pl@ntNet, la plus proche de la zone d’abord. L’identifiant d’une flore restreint les cartes publiées à ses espèces et donne « Espèces d’une flore Pl@ntNet ».

Une clé de l’API Pl@ntNet est nécessaire (menu GeoPl@ntNet, « Clé d’API Pl@ntNet »). C’est un client non officiel, non approuvé par Pl@ntNet.</translation>
    </message>
    <message>
        <source>Address of the Pl@ntNet API</source>
        <translation>Adresse de l’API Pl@ntNet</translation>
    </message>
    <message>
        <source>Blank: Pl@ntNet&apos;s own.</source>
        <translation>Vide : celle de Pl@ntNet.</translation>
    </message>
    <message>
        <source>A table without shapes.</source>
        <translation>Un tableau sans géométries.</translation>
    </message>
    <message>
        <source>Number of rows</source>
        <translation>Nombre de lignes</translation>
    </message>
    <message>
        <source>Identifications left today</source>
        <translation>Identifications restantes aujourd’hui</translation>
    </message>
    <message>
        <source>{count} rows, by {source}, an unofficial use without endorsement.</source>
        <translation>{count} lignes, par {source}, usage non officiel et sans approbation.</translation>
    </message>
    <message>
        <source>Pl@ntNet quota: {count} identifications left today.</source>
        <translation>Quota Pl@ntNet : {count} identifications restantes aujourd’hui.</translation>
    </message>
    <message>
        <source>Published maps: only the species of this file</source>
        <translation>Cartes publiées : seulement les espèces de ce fichier</translation>
    </message>
    <message>
        <source>A text file with one scientific name a line. The fewer species, the smaller the download.</source>
        <translation>Un fichier texte avec un nom scientifique par ligne. Moins il y a d’espèces, plus le téléchargement est petit.</translation>
    </message>
    <message>
        <source>Published maps: only these families</source>
        <translation>Cartes publiées : seulement ces familles</translation>
    </message>
    <message>
        <source>Family names, separated by commas. A species whose family is not known does not pass: give families with a table of known taxa (advanced).</source>
        <translation>Noms de familles, séparés par des virgules. Une espèce dont la famille est inconnue ne passe pas : donnez les familles avec un tableau de taxons connus (avancé).</translation>
    </message>
    <message>
        <source>Published maps: only species on lists of these kinds</source>
        <translation>Cartes publiées : seulement les espèces de listes de ces types</translation>
    </message>
    <message>
        <source>invasive, eu_directive or the name of a list of your own, separated by commas.</source>
        <translation>invasive, eu_directive ou le nom d’une liste à vous, séparés par des virgules.</translation>
    </message>
    <message>
        <source>Published maps: only species of this Pl@ntNet flora</source>
        <translation>Cartes publiées : seulement les espèces de cette flore Pl@ntNet</translation>
    </message>
    <message>
        <source>The id of a flora, as “Nearest floras of Pl@ntNet” gives it. It needs a Pl@ntNet API key.</source>
        <translation>L’identifiant d’une flore, tel que le donne « Flores Pl@ntNet les plus proches ». Une clé d’API Pl@ntNet est nécessaire.</translation>
    </message>
    <message>
        <source>Published maps: I have read their terms of use and accept them</source>
        <translation>Cartes publiées : j’ai lu leurs conditions d’utilisation et je les accepte</translation>
    </message>
    <message>
        <source>“Terms and size of published maps” shows them. Nothing is downloaded before they are accepted, once for each publisher and computer.</source>
        <translation>« Conditions et taille des cartes publiées » les montre. Rien n’est téléchargé avant qu’elles soient acceptées, une fois par éditeur et par ordinateur.</translation>
    </message>
    <message>
        <source>Published maps: use only what is cached</source>
        <translation>Cartes publiées : n’utiliser que ce qui est dans le cache</translation>
    </message>
    <message>
        <source>Nobody is asked; maps that are not in the cache count as missing.</source>
        <translation>Personne n’est interrogé ; les cartes absentes du cache comptent comme manquantes.</translation>
    </message>
    <message>
        <source>Published maps: address of the catalogue</source>
        <translation>Cartes publiées : adresse du catalogue</translation>
    </message>
    <message>
        <source>A STAC catalogue in GeoPl@ntNet&apos;s form. Blank: GeoPl@ntNet&apos;s own.</source>
        <translation>Un catalogue STAC de la forme de celui de GeoPl@ntNet. Vide : celui de GeoPl@ntNet.</translation>
    </message>
    <message>
        <source>Published maps: table of known taxa</source>
        <translation>Cartes publiées : tableau de taxons connus</translation>
    </message>
    <message>
        <source>A taxa table (CSV) with full names and families; the catalogue has short names only.</source>
        <translation>Un tableau de taxons (CSV) avec noms complets et familles ; le catalogue n’a que des noms courts.</translation>
    </message>
    <message>
        <source>Quick list of species (Pl@ntNet)</source>
        <translation>Liste rapide d’espèces (Pl@ntNet)</translation>
    </message>
    <message>
        <source>Asks Pl@ntNet which species it expects in the box around an area. The scores are relative: they rank the species and mean nothing else. The number of observations is Pl@ntNet's.

It needs a key of the Pl@ntNet API (menu GeoPl@ntNet, “Pl@ntNet API key”). This is an unofficial client, not endorsed by Pl@ntNet.</source>
        <translation>Demande à Pl@ntNet quelles espèces il attend dans le rectangle autour d’une zone. Les scores sont relatifs : ils classent les espèces et ne signifient rien d’autre. Le nombre d’observations est celui de Pl@ntNet.

Une clé de l’API Pl@ntNet est nécessaire (menu GeoPl@ntNet, « Clé d’API Pl@ntNet »). C’est un client non officiel, non approuvé par Pl@ntNet.</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Tous les fichiers (*)</translation>
    </message>
    <message>
        <source>Area (polygons, or points and lines with a buffer)</source>
        <translation>Zone (polygones, ou points et lignes avec un tampon)</translation>
    </message>
    <message>
        <source>Polygons in any coordinate system; tick “selected features only” to use the selection. Give either polygons or an extent. Points and lines need a buffer.</source>
        <translation>Polygones dans n’importe quel système de coordonnées ; cochez « entités sélectionnées uniquement » pour utiliser la sélection. Donnez soit des polygones, soit une emprise. Les points et les lignes demandent un tampon.</translation>
    </message>
    <message>
        <source>Buffer around the area (metres)</source>
        <translation>Tampon autour de la zone (mètres)</translation>
    </message>
    <message>
        <source>Added around every shape of the area, in metres on the ground in any coordinate system.</source>
        <translation>Ajouté autour de chaque forme de la zone, en mètres au sol dans n’importe quel système de coordonnées.</translation>
    </message>
    <message>
        <source>Saved plan of predictors</source>
        <translation>Plan de prédicteurs enregistré</translation>
    </message>
    <message>
        <source>Says which band gives which predictor; it goes before the names of bands and files. The panel and “geoplantnet cube plan --save” write such plans.</source>
        <translation>Dit quelle bande donne quel prédicteur ; il prime sur les noms des bandes et des fichiers. Le panneau et « geoplantnet cube plan --save » écrivent de tels plans.</translation>
    </message>
    <message>
        <source>Alien in</source>
        <translation>Exotique en</translation>
    </message>
    <message>
        <source>Native or alien</source>
        <translation>Indigène ou exotique</translation>
    </message>
    <message>
        <source>Opacity of the indicator layer</source>
        <translation>Opacité de la couche de l’indicateur</translation>
    </message>
    <message>
        <source>Reading the coverage table</source>
        <translation>Lecture du tableau de couverture</translation>
    </message>
    <message>
        <source>Fetch predictors from the net</source>
        <translation>Télécharger des prédicteurs</translation>
    </message>
    <message>
        <source>Downloads what an area needs of Sentinel-2, Copernicus DEM, CHELSA, SoilGrids or ESA WorldCover, and only that: parts of files, never whole ones. First it says how many requests, megabytes and minutes that is and on which terms each source is given; it downloads when the box of consent is ticked. The rasters carry band names, units and whom to name; give their folder as “folder of predictor rasters”.

Addresses are those of the sources' documentation and can be changed in the settings.</source>
        <translation>Télécharge ce dont une zone a besoin de Sentinel-2, Copernicus DEM, CHELSA, SoilGrids ou ESA WorldCover, et rien d’autre : des parties de fichiers, jamais des fichiers entiers. D’abord sont indiqués les requêtes, mégaoctets et minutes que cela représente, et à quelles conditions chaque source est donnée ; le téléchargement a lieu quand la case du consentement est cochée. Les rasters portent noms de bandes, unités et mentions à citer ; donnez leur dossier comme « dossier de rasters de prédicteurs ».

Les adresses sont celles de la documentation des sources et peuvent être changées dans les réglages.</translation>
    </message>
    <message>
        <source>Sources</source>
        <translation>Sources</translation>
    </message>
    <message>
        <source>sentinel2, copernicus_dem, chelsa, soilgrids, worldcover or your own, separated by spaces; after a colon only some variables, as in chelsa:bio1,bio12. Blank: whatever the model wants.</source>
        <translation>sentinel2, copernicus_dem, chelsa, soilgrids, worldcover ou les vôtres, séparées par des espaces ; après deux-points, seulement certaines variables, comme dans chelsa:bio1,bio12. Vide : tout ce que demande le modèle.</translation>
    </message>
    <message>
        <source>Only what this model wants</source>
        <translation>Seulement ce que demande ce modèle</translation>
    </message>
    <message>
        <source>Name of a model, or path of a model package.</source>
        <translation>Nom d’un modèle, ou chemin d’un paquet de modèle.</translation>
    </message>
    <message>
        <source>Satellite images from (year-month-day)</source>
        <translation>Images satellites du (année-mois-jour)</translation>
    </message>
    <message>
        <source>Satellite images to (year-month-day)</source>
        <translation>Images satellites au (année-mois-jour)</translation>
    </message>
    <message>
        <source>Blank: last year.</source>
        <translation>Vide : l’année dernière.</translation>
    </message>
    <message>
        <source>Months of satellite images</source>
        <translation>Mois des images satellites</translation>
    </message>
    <message>
        <source>First and last month, such as 06-08. Blank: summer.</source>
        <translation>Premier et dernier mois, comme 06-08. Vide : l’été.</translation>
    </message>
    <message>
        <source>I agree to size and terms: download</source>
        <translation>J’accepte la taille et les conditions : télécharger</translation>
    </message>
    <message>
        <source>Without it only size and terms are told; for that headers of files and lists of images are read.</source>
        <translation>Sans elle, seules la taille et les conditions sont indiquées ; pour cela, des en-têtes de fichiers et des listes d’images sont lus.</translation>
    </message>
    <message>
        <source>Folder for the rasters</source>
        <translation>Dossier des rasters</translation>
    </message>
    <message>
        <source>Rasters that are there already are kept; a cancelled download continues.</source>
        <translation>Les rasters déjà présents sont gardés ; un téléchargement annulé reprend.</translation>
    </message>
    <message>
        <source>No folder: choose where the rasters are written.</source>
        <translation>Pas de dossier : choisissez où les rasters sont écrits.</translation>
    </message>
    <message>
        <source>Nothing was downloaded: tick the box of consent to download this.</source>
        <translation>Rien n’a été téléchargé : cochez la case du consentement pour télécharger cela.</translation>
    </message>
    <message>
        <source>About {requests} requests, {size} MB, {minutes} minutes.</source>
        <translation>Environ {requests} requêtes, {size} Mo, {minutes} minutes.</translation>
    </message>
    <message>
        <source>Open the demo assessment</source>
        <translation>Ouvrir l’évaluation de démonstration</translation>
    </message>
    <message>
        <source>The finished assessment of a small simulated valley; it needs no engine</source>
        <translation>L’évaluation terminée d’une petite vallée simulée ; elle n’a pas besoin du moteur</translation>
    </message>
    <message>
        <source>Simulated data: not a real place.</source>
        <translation>Données simulées : ce lieu n’existe pas.</translation>
    </message>
    <message>
        <source>Simulated: trained on made-up data; it says nothing of real plants.</source>
        <translation>Simulé : entraîné sur des données inventées ; il ne dit rien de plantes réelles.</translation>
    </message>
    <message>
        <source>One step before the first assessment</source>
        <translation>Une étape avant la première évaluation</translation>
    </message>
    <message>
        <source>species</source>
        <translation>especes</translation>
    </message>
    <message>
        <source>From the base cube that ships with the plugin; its source has {resolution:g} m</source>
        <translation>Du cube de base livré avec l’extension ; sa source a {resolution:g} m</translation>
    </message>
    <message>
        <source>The model has {taxa} species: the {best} best of them would be taken nearly everywhere.</source>
        <translation>Le modèle a {taxa} espèces : les {best} meilleures seraient retenues presque partout.</translation>
    </message>
    <message>
        <source>With an area chosen, and rasters where the model needs them, each predictor gets a light here: what it is taken from, and whether that can be right.</source>
        <translation>Une fois la zone choisie, et les rasters si le modèle en demande, chaque prédicteur reçoit ici un feu : d’où il est pris, et si cela peut être juste.</translation>
    </message>
    <message>
        <source>All {all} predictors are bound. The site is smaller than the square of {side:g} km that a chance speaks of: it gets the survey list of one such square around it, and no map.</source>
        <translation>Les {all} prédicteurs sont liés. Le site est plus petit que le carré de {side:g} km sur lequel porte une chance : il reçoit la liste de terrain d’un tel carré autour de lui, et pas de carte.</translation>
    </message>
    <message>
        <source>The assessment {name} is finished.</source>
        <translation>L'évaluation {name} est terminée.</translation>
    </message>
    <message>
        <source>Zoom to</source>
        <translation>Zoomer sur</translation>
    </message>
    <message>
        <source>How many points the plan of where to look has</source>
        <translation>Combien de points compte le plan des lieux à visiter</translation>
    </message>
    <message>
        <source>This layer is drawn into tiles for use without a network</source>
        <translation>Cette couche est dessinée en tuiles pour un usage sans réseau</translation>
    </message>
    <message>
        <source>I may copy this background map</source>
        <translation>J’ai le droit de copier ce fond de carte</translation>
    </message>
    <message>
        <source>Prepare fieldwork …</source>
        <translation>Préparer le terrain …</translation>
    </message>
    <message>
        <source>Make a folder that opens in QField and in QGIS without a network</source>
        <translation>Faire un dossier qui s’ouvre dans QField et dans QGIS sans réseau</translation>
    </message>
    <message>
        <source>Read back …</source>
        <translation>Relire …</translation>
    </message>
    <message>
        <source>Choose the folder that came back from a tablet, or drop it here</source>
        <translation>Choisissez le dossier revenu d’une tablette, ou déposez-le ici</translation>
    </message>
    <message>
        <source>Show the survey&apos;s files</source>
        <translation>Montrer les fichiers du relevé</translation>
    </message>
    <message>
        <source>The field package is in {folder}: copy it to the tablet and open its project in QField.</source>
        <translation>Le paquet de terrain est dans {folder} : copiez-le sur la tablette et ouvrez son projet dans QField.</translation>
    </message>
    <message>
        <source>The survey is in the assessment&apos;s folder.</source>
        <translation>Le relevé est dans le dossier de l’évaluation.</translation>
    </message>
    <message>
        <source>Going out</source>
        <translation>Partir</translation>
    </message>
    <message>
        <source>Coming back</source>
        <translation>Revenir</translation>
    </message>
    <message>
        <source>Points to visit</source>
        <translation>Points à visiter</translation>
    </message>
    <message>
        <source>Background map</source>
        <translation>Fond de carte</translation>
    </message>
    <message>
        <source>New folder for the field package</source>
        <translation>Nouveau dossier pour le paquet de terrain</translation>
    </message>
    <message>
        <source>Folder that came back</source>
        <translation>Dossier revenu</translation>
    </message>
    <message>
        <source>Habitats on the site (for its survey list)</source>
        <translation>Habitats du site (pour sa liste de terrain)</translation>
    </message>
    <message>
        <source>Species that do not fit any of them come last in the list; none is hidden.</source>
        <translation>Les espèces auxquelles aucun ne convient viennent en dernier dans la liste ; aucune n’est cachée.</translation>
    </message>
    <message>
        <source>Tick it if the site has any: the survey list then says which species fit</source>
        <translation>Cochez-le si le site en a : la liste de terrain dit alors à quelles espèces il convient</translation>
    </message>
    <message>
        <source>Reading an indicator</source>
        <translation>Lecture d'un indicateur</translation>
    </message>
    <message>
        <source>Value, bounds or uncertainty</source>
        <translation>Valeur, bornes ou incertitude</translation>
    </message>
    <message>
        <source>Shows the value itself, or how low or high it may be</source>
        <translation>Montre la valeur elle-même, ou jusqu'où elle peut descendre ou monter</translation>
    </message>
    <message>
        <source>Stretch to this area</source>
        <translation>Étirer sur cette zone</translation>
    </message>
    <message>
        <source>Spreads the colours over the values found here. The fixed bounds keep maps of different areas comparable.</source>
        <translation>Répartit les couleurs sur les valeurs trouvées ici. Les bornes fixes gardent comparables les cartes de zones différentes.</translation>
    </message>
    <message>
        <source>{title}: not assessed</source>
        <translation>{title} : non évalué</translation>
    </message>
    <message>
        <source>from the base cube</source>
        <translation>du cube de base</translation>
    </message>
    <message>
        <source>The model that fits the area</source>
        <translation>Le modèle qui convient à la zone</translation>
    </message>
    <message>
        <source>Of the models below the one that knows the area and has its predictors. Where several or none do, they are named.</source>
        <translation>Parmi les modèles ci-dessous, celui qui connaît la zone et a ses prédicteurs. Si plusieurs ou aucun ne conviennent, ils sont nommés.</translation>
    </message>
    <message>
        <source>Open an assessment folder; the arrow lists those opened last</source>
        <translation>Ouvrir un dossier d'évaluation ; la flèche liste les derniers ouverts</translation>
    </message>
    <message>
        <source>Bring this assessment to the front and show its whole area</source>
        <translation>Mettre cette évaluation au premier plan et montrer toute sa zone</translation>
    </message>
    <message>
        <source>Survey list</source>
        <translation>Liste de terrain</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>Terrain</translation>
    </message>
    <message>
        <source>None yet</source>
        <translation>Aucune pour l'instant</translation>
    </message>
    <message>
        <source>2  From what: a service</source>
        <translation>2  À partir de quoi : un service</translation>
    </message>
    <message>
        <source>A server computes the same assessment with its own models and predictors. What leaves this computer: the outline of the area and what you choose here. Nothing else.</source>
        <translation>Un serveur calcule la même évaluation avec ses propres modèles et prédicteurs. Ce qui quitte cet ordinateur : le contour de la zone et ce que vous choisissez ici. Rien d’autre.</translation>
    </message>
    <message>
        <source>Address of the service</source>
        <translation>Adresse du service</translation>
    </message>
    <message>
        <source>Address of a server that computes assessments (OGC API – Processes)</source>
        <translation>Adresse d’un serveur qui calcule des évaluations (OGC API – Processes)</translation>
    </message>
    <message>
        <source>Authentication</source>
        <translation>Authentification</translation>
    </message>
    <message>
        <source>A “Basic” configuration whose password is the token that you were given</source>
        <translation>Une configuration « Basic » dont le mot de passe est le jeton que vous avez reçu</translation>
    </message>
    <message>
        <source>Model of the service</source>
        <translation>Modèle du service</translation>
    </message>
    <message>
        <source>One of the models that the service offers</source>
        <translation>L’un des modèles que le service propose</translation>
    </message>
    <message>
        <source>Cube of predictors of the service</source>
        <translation>Cube de prédicteurs du service</translation>
    </message>
    <message>
        <source>One of the cubes of predictors that the service offers for the model</source>
        <translation>L’un des cubes de prédicteurs que le service propose pour le modèle</translation>
    </message>
    <message>
        <source>Ask the service …</source>
        <translation>Interroger le service…</translation>
    </message>
    <message>
        <source>Shows what it offers, how long it would take and how much would be downloaded</source>
        <translation>Montre ce qu’il propose, combien de temps cela prendrait et combien serait téléchargé</translation>
    </message>
    <message>
        <source>Ask the service no more</source>
        <translation>Ne plus interroger le service</translation>
    </message>
    <message>
        <source>What the service offers and how long it takes comes first; then press Run again.</source>
        <translation>D’abord ce que le service propose et le temps qu’il prend ; appuyez ensuite de nouveau sur Lancer.</translation>
    </message>
    <message>
        <source>Choose a model, then ask again.</source>
        <translation>Choisissez un modèle, puis interrogez de nouveau.</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>Choisissez un modèle</translation>
    </message>
    <message>
        <source>Cube</source>
        <translation>Cube</translation>
    </message>
    <message>
        <source>A service</source>
        <translation>Un service</translation>
    </message>
    <message>
        <source>Opens {address} in the browser</source>
        <translation>Ouvre {address} dans le navigateur</translation>
    </message>
    <message>
        <source>Expected (%)</source>
        <translation>Attendu (%)</translation>
    </message>
    <message>
        <source>Expected share of the area&apos;s cells, from calibrated scores; blank: not calibrated</source>
        <translation>Part attendue des mailles de la zone, d’après des scores calibrés ; vide : non calibrés</translation>
    </message>
    <message>
        <source>90 % interval</source>
        <translation>Intervalle à 90 %</translation>
    </message>
    <message>
        <source>Interval of the expected share, in %; blank: not stated</source>
        <translation>Intervalle de la part attendue, en % ; vide : non indiqué</translation>
    </message>
    <message>
        <source>In set (%)</source>
        <translation>Dans l’ensemble (%)</translation>
    </message>
    <message>
        <source>Coverage: share of the cells whose set holds the species, by the set rule</source>
        <translation>Couverture : part des mailles dont l’ensemble contient l’espèce, selon la règle</translation>
    </message>
    <message>
        <source>Status unknown for all {total}: not “no”. A list that says it can be imported.</source>
        <translation>Statut inconnu pour les {total} : ce n'est pas « non ». Une liste qui le dit peut être importée.</translation>
    </message>
    <message>
        <source>None of {known} with a known status; unknown for {unknown}.</source>
        <translation>Aucune des {known} au statut connu ; inconnu pour {unknown}.</translation>
    </message>
    <message>
        <source>No species matches the search.</source>
        <translation>Aucune espèce ne correspond à la recherche.</translation>
    </message>
    <message>
        <source>Species card</source>
        <translation>Fiche de l'espèce</translation>
    </message>
    <message>
        <source>Names, figures and statuses of the highlighted species, each with its source</source>
        <translation>Noms, chiffres et statuts de l'espèce en surbrillance, chacun avec sa source</translation>
    </message>
    <message>
        <source>Highlight a species first</source>
        <translation>Mettez d'abord une espèce en surbrillance</translation>
    </message>
    <message>
        <source>The tables of the assessment cannot be read ({reason}).</source>
        <translation>Les tables de l'évaluation ne peuvent pas être lues ({reason}).</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Pourquoi</translation>
    </message>
    <message>
        <source>Chance</source>
        <translation>Probabilité</translation>
    </message>
    <message>
        <source>× mean</source>
        <translation>× moyenne</translation>
    </message>
    <message>
        <source>Recorded</source>
        <translation>Observée</translation>
    </message>
    <message>
        <source>Habitat</source>
        <translation>Habitat</translation>
    </message>
    <message>
        <source>When to look</source>
        <translation>Quand chercher</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Toutes</translation>
    </message>
    <message>
        <source>A  Listed, invasive or endemic</source>
        <translation>A  Réglementées, envahissantes ou endémiques</translation>
    </message>
    <message>
        <source>B  Characteristic here</source>
        <translation>B  Caractéristiques d’ici</translation>
    </message>
    <message>
        <source>C  The rest by chance</source>
        <translation>C  Les autres, par chance</translation>
    </message>
    <message>
        <source>Part of the survey list</source>
        <translation>Partie de la liste de terrain</translation>
    </message>
    <message>
        <source>A chance is that of being recorded in the square, not of growing on the site. A species absent from this list is not absent from the site.</source>
        <translation>Une chance est celle d’être observée dans le carré, non de pousser sur le site. Une espèce absente de cette liste n’est pas absente du site.</translation>
    </message>
    <message>
        <source>endemic</source>
        <translation>endémique</translation>
    </message>
    <message>
        <source>invasive</source>
        <translation>envahissante</translation>
    </message>
    <message>
        <source>threatened</source>
        <translation>menacée</translation>
    </message>
    <message>
        <source>a subspecies is endemic</source>
        <translation>une sous-espèce est endémique</translation>
    </message>
    <message>
        <source>in this square</source>
        <translation>dans ce carré</translation>
    </message>
    <message>
        <source>within 30 km</source>
        <translation>à moins de 30 km</translation>
    </message>
    <message>
        <source>fits</source>
        <translation>convient</translation>
    </message>
    <message>
        <source>does not fit</source>
        <translation>ne convient pas</translation>
    </message>
    <message>
        <source>not modelled</source>
        <translation>non modélisée</translation>
    </message>
    <message>
        <source>rarely recorded</source>
        <translation>rarement observée</translation>
    </message>
    <message>
        <source>seasonal: plan spring visits</source>
        <translation>saisonnière : prévoir des visites au printemps</translation>
    </message>
    <message>
        <source>Forest</source>
        <translation>Forêt</translation>
    </message>
    <message>
        <source>Scrub</source>
        <translation>Fourrés</translation>
    </message>
    <message>
        <source>Grassland</source>
        <translation>Prairies</translation>
    </message>
    <message>
        <source>Rock</source>
        <translation>Rochers</translation>
    </message>
    <message>
        <source>Wetland</source>
        <translation>Zones humides</translation>
    </message>
    <message>
        <source>Coast</source>
        <translation>Littoral</translation>
    </message>
    <message>
        <source>Arable</source>
        <translation>Cultures</translation>
    </message>
    <message>
        <source>Ruderal</source>
        <translation>Milieux rudéraux</translation>
    </message>
    <message>
        <source>What to look for, in its order. A chance is that of being recorded in a square of {side:g} km, not that of growing on the site. A species absent from this list is not absent from the site.</source>
        <translation>Ce qu’il faut chercher, dans l’ordre. Une chance est celle d’être observée dans un carré de {side:g} km, non celle de pousser sur le site. Une espèce absente de cette liste n’est pas absente du site.</translation>
    </message>
    <message>
        <source>Square of the list</source>
        <translation>Carré de la liste</translation>
    </message>
    <message>
        <source>The square of {side:g} km around the site, to which chances and species pool refer.</source>
        <translation>Le carré de {side:g} km autour du site, auquel se rapportent les chances et le cortège d’espèces.</translation>
    </message>
    <message>
        <source>expected_share: share of the area&apos;s {cells} cells in which the taxon is by expectation, from calibrated scores, with its 90 % interval. coverage: share of the cells whose set holds the taxon. {rule}</source>
        <translation>expected_share : part des {cells} mailles de la zone où le taxon se trouve en espérance, d’après des scores calibrés, avec son intervalle à 90 %. coverage : part des mailles dont l’ensemble contient le taxon. {rule}</translation>
    </message>
    <message>
        <source>Field survey</source>
        <translation>Relevé de terrain</translation>
    </message>
    <message>
        <source>The background map does not fit into the size budget, not even at zoom {zoom}.</source>
        <translation>Le fond de carte ne tient pas dans le budget de taille, même au zoom {zoom}.</translation>
    </message>
    <message>
        <source>The layer “{layer}” shows nothing here: choose another background, or check the network.</source>
        <translation>La couche « {layer} » ne montre rien ici : choisissez un autre fond, ou vérifiez le réseau.</translation>
    </message>
    <message>
        <source>The layer “{layer}” cannot be drawn: {reason}</source>
        <translation>La couche « {layer} » ne peut pas être dessinée : {reason}</translation>
    </message>
    <message>
        <source>{file} of the field package cannot be opened.</source>
        <translation>{file} du paquet de terrain ne peut pas être ouvert.</translation>
    </message>
    <message>
        <source>Taxa by the share of the area&apos;s cells</source>
        <translation>Taxons par part des mailles de la zone</translation>
    </message>
    <message>
        <source>Genus</source>
        <translation>Genre</translation>
    </message>
    <message>
        <source>Life form</source>
        <translation>Forme biologique</translation>
    </message>
    <message>
        <source>GBIF id</source>
        <translation>Identifiant GBIF</translation>
    </message>
    <message>
        <source>Expected share of cells</source>
        <translation>Part attendue des mailles</translation>
    </message>
    <message>
        <source>Share of cells in the set</source>
        <translation>Part des mailles dans l'ensemble</translation>
    </message>
    <message>
        <source>Score ({scale}): mean, highest</source>
        <translation>Score ({scale}) : moyen, maximal</translation>
    </message>
    <message>
        <source>not stated: these scores are not calibrated</source>
        <translation>non indiquée : ces scores ne sont pas calibrés</translation>
    </message>
    <message>
        <source>looked up, not listed</source>
        <translation>recherchée, non inscrite</translation>
    </message>
    <message>
        <source> (not in force here)</source>
        <translation> (pas en vigueur ici)</translation>
    </message>
    <message>
        <source>Nothing was read back yet.</source>
        <translation>Rien n’a encore été relu.</translation>
    </message>
    <message>
        <source>Species confirmed: {confirmed}, added: {added}, looked for and not found this season (which is no absence): {not_found}, not looked for: {not_looked}. Things to look at: {issues}.</source>
        <translation>Espèces confirmées : {confirmed}, ajoutées : {added}, cherchées et non trouvées cette saison (ce qui n’est pas une absence) : {not_found}, non cherchées : {not_looked}. Points à vérifier : {issues}.</translation>
    </message>
    <message>
        <source>confirmed</source>
        <translation>confirmée</translation>
    </message>
    <message>
        <source>added</source>
        <translation>ajoutée</translation>
    </message>
    <message>
        <source>not found this season</source>
        <translation>non trouvée cette saison</translation>
    </message>
    <message>
        <source>not looked for</source>
        <translation>non cherchée</translation>
    </message>
    <message>
        <source>The area has no coordinate reference system: set that of its layer or project in QGIS (Set Layer CRS).</source>
        <translation>La zone n'a pas de système de coordonnées : définissez celui de sa couche ou du projet dans QGIS (Définir le SCR de la couche).</translation>
    </message>
    <message>
        <source>Ask a service</source>
        <translation>Interroger un service</translation>
    </message>
    <message>
        <source>Lists the models and the cubes of predictors that a service offers and, where the model is clear, says how long assessing the area there would take and how much would be downloaded. Nothing is computed. For the estimate the outline of the area is sent to the service, and nothing else.</source>
        <translation>Donne la liste des modèles et des cubes de prédicteurs qu’un service propose et, quand le modèle est clair, dit combien de temps l’évaluation de la zone y prendrait et combien serait téléchargé. Rien n’est calculé. Pour l’estimation, le contour de la zone est envoyé au service, et rien d’autre.</translation>
    </message>
    <message>
        <source>Offers (JSON)</source>
        <translation>Offres (JSON)</translation>
    </message>
    <message>
        <source>Estimate</source>
        <translation>Estimation</translation>
    </message>
    <message>
        <source>Name one of these models to see what an assessment takes.</source>
        <translation>Nommez l’un de ces modèles pour voir ce que demande une évaluation.</translation>
    </message>
    <message>
        <source>A model on this computer with your predictors, without a network; or maps that GeoPl@ntNet has published, downloaded for the area; or a service that computes everything.</source>
        <translation>Un modèle sur cet ordinateur avec vos prédicteurs, sans réseau ; ou des cartes que GeoPl@ntNet a publiées, téléchargées pour la zone ; ou un service qui calcule tout.</translation>
    </message>
    <message>
        <source>Habitats on the site</source>
        <translation>Habitats du site</translation>
    </message>
    <message>
        <source>For the survey list of models that bring their records: species that do not fit any of them come last; none is hidden.</source>
        <translation>Pour la liste de terrain des modèles accompagnés d’observations : les espèces auxquelles aucun ne convient viennent en dernier ; aucune n’est cachée.</translation>
    </message>
    <message>
        <source>Table of when species show</source>
        <translation>Table des périodes où les espèces se montrent</translation>
    </message>
    <message>
        <source>For the survey list: a CSV file with the columns name and months.</source>
        <translation>Pour la liste de terrain : un fichier CSV avec les colonnes name et months.</translation>
    </message>
    <message>
        <source>Elevation model of the site</source>
        <translation>Modèle d’altitude du site</translation>
    </message>
    <message>
        <source>For the survey list: marks species that were recorded only above or below the site (metres).</source>
        <translation>Pour la liste de terrain : marque les espèces observées seulement au-dessus ou au-dessous du site (mètres).</translation>
    </message>
    <message>
        <source>Survey list (CSV)</source>
        <translation>Liste de terrain (CSV)</translation>
    </message>
    <message>
        <source>Prepare fieldwork</source>
        <translation>Préparer le terrain</translation>
    </message>
    <message>
        <source>Makes a folder for a tablet from an assessment: a project with survey forms, a plan of where to look, the species expected at every place, the maps, a background map and the report. It opens in QField and in QGIS without a network and without this plugin (checked against a list of rules, not opened in QField).</source>
        <translation>Fait d’une évaluation un dossier pour une tablette : un projet avec des formulaires de relevé, un plan des lieux à visiter, les espèces attendues en chaque lieu, les cartes, un fond de carte et le rapport. Il s’ouvre dans QField et dans QGIS sans réseau et sans cette extension (vérifié d’après une liste de règles, non ouvert dans QField).</translation>
    </message>
    <message>
        <source>Language of forms and legends.</source>
        <translation>Langue des formulaires et des légendes.</translation>
    </message>
    <message>
        <source>Species maps to take along</source>
        <translation>Cartes d’espèces à emporter</translation>
    </message>
    <message>
        <source>Scientific names, separated by ; . Blank: the ten species most at stake.</source>
        <translation>Noms scientifiques, séparés par ; . Vide : les dix espèces aux plus forts enjeux.</translation>
    </message>
    <message>
        <source>Size budget (MB)</source>
        <translation>Budget de taille (Mo)</translation>
    </message>
    <message>
        <source>The package never weighs more; the background map becomes coarser where it has to.</source>
        <translation>Le paquet ne pèse jamais plus ; le fond de carte devient plus grossier s’il le faut.</translation>
    </message>
    <message>
        <source>Also write a zip</source>
        <translation>Écrire aussi un zip</translation>
    </message>
    <message>
        <source>One file beside the folder, with all of it.</source>
        <translation>Un fichier à côté du dossier, avec tout son contenu.</translation>
    </message>
    <message>
        <source>Field package</source>
        <translation>Paquet de terrain</translation>
    </message>
    <message>
        <source>A new folder; its name is the name of the project.</source>
        <translation>Un nouveau dossier ; son nom est celui du projet.</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>Projet</translation>
    </message>
    <message>
        <source>Zip</source>
        <translation>Zip</translation>
    </message>
    <message>
        <source>How many points the plan has.</source>
        <translation>Combien de points compte le plan.</translation>
    </message>
    <message>
        <source>… or hours of work</source>
        <translation>… ou heures de travail</translation>
    </message>
    <message>
        <source>Where given, as many points as fit: half an hour each, 3 km an hour between them.</source>
        <translation>Si donné, autant de points que possible : une demi-heure chacun, 3 km à l’heure entre eux.</translation>
    </message>
    <message>
        <source>Look more often</source>
        <translation>Chercher plus souvent</translation>
    </message>
    <message>
        <source>everywhere alike</source>
        <translation>partout pareil</translation>
    </message>
    <message>
        <source>where the model is unsure</source>
        <translation>là où le modèle est incertain</translation>
    </message>
    <message>
        <source>where listed species are expected</source>
        <translation>là où des espèces listées sont attendues</translation>
    </message>
    <message>
        <source>where it is unsure or listed species are expected</source>
        <translation>là où il est incertain ou des espèces listées sont attendues</translation>
    </message>
    <message>
        <source>Every cell keeps a chance, which is written into the plan, so that estimates hold for the whole site.</source>
        <translation>Chaque maille garde une chance, inscrite dans le plan, pour que les estimations valent pour tout le site.</translation>
    </message>
    <message>
        <source>Share the points among</source>
        <translation>Répartir les points entre</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>rien</translation>
    </message>
    <message>
        <source>habitat types</source>
        <translation>types d’habitat</translation>
    </message>
    <message>
        <source>classes of species richness</source>
        <translation>classes de richesse en espèces</translation>
    </message>
    <message>
        <source>Each stratum gets at least one point.</source>
        <translation>Chaque strate reçoit au moins un point.</translation>
    </message>
    <message>
        <source>Where one can walk</source>
        <translation>Où l’on peut marcher</translation>
    </message>
    <message>
        <source>Polygons; no point lies outside.</source>
        <translation>Polygones ; aucun point n’est en dehors.</translation>
    </message>
    <message>
        <source>Random seed</source>
        <translation>Graine aléatoire</translation>
    </message>
    <message>
        <source>The same number gives the same plan.</source>
        <translation>Le même nombre donne le même plan.</translation>
    </message>
    <message>
        <source>Any layer of yours; it is drawn into tiles for use without a network.</source>
        <translation>N’importe quelle couche à vous ; elle est dessinée en tuiles pour un usage sans réseau.</translation>
    </message>
    <message>
        <source>Needed for layers from a service on the net: its terms may forbid copies.</source>
        <translation>Nécessaire pour les couches d’un service en ligne : ses conditions peuvent interdire les copies.</translation>
    </message>
    <message>
        <source>Deepest zoom</source>
        <translation>Zoom le plus fin</translation>
    </message>
    <message>
        <source>16 shows about 2 m a pixel, 18 about 0.5 m; it is lowered to stay within the budget.</source>
        <translation>16 montre environ 2 m par pixel, 18 environ 0,5 m ; il est abaissé pour rester dans le budget.</translation>
    </message>
    <message>
        <source>Margin (m)</source>
        <translation>Marge (m)</translation>
    </message>
    <message>
        <source>How far the background map goes beyond the area.</source>
        <translation>Jusqu’où le fond de carte dépasse la zone.</translation>
    </message>
    <message>
        <source>“{layer}” comes from a service: read its terms, and tick “I may copy this background map” if they allow a copy for use without a network.</source>
        <translation>« {layer} » vient d’un service : lisez ses conditions, et cochez « J’ai le droit de copier ce fond de carte » si elles permettent une copie pour un usage sans réseau.</translation>
    </message>
    <message>
        <source>Background map: zooms up to {zoom}, {width} × {height} pixels, about {size:.0f} MB.</source>
        <translation>Fond de carte : zooms jusqu’à {zoom}, {width} × {height} pixels, environ {size:.0f} Mo.</translation>
    </message>
    <message>
        <source>Make the project of a field package</source>
        <translation>Faire le projet d’un paquet de terrain</translation>
    </message>
    <message>
        <source>Writes the project, with its forms and legends, into the folder of a field package whose data are there already. It needs no engine.</source>
        <translation>Écrit le projet, avec ses formulaires et légendes, dans le dossier d’un paquet de terrain dont les données sont déjà là. Il n’a pas besoin du moteur.</translation>
    </message>
    <message>
        <source>The folder that holds package.json.</source>
        <translation>Le dossier qui contient package.json.</translation>
    </message>
    <message>
        <source>Read back from the field</source>
        <translation>Relire le terrain</translation>
    </message>
    <message>
        <source>Merges what one or several tablets brought back into the folder “field” of the assessment and says what the survey says: species confirmed, added, looked for and not found this season (which is no absence), not looked for. Whatever looks wrong is reported; nothing is overwritten.</source>
        <translation>Fusionne ce qu’une ou plusieurs tablettes ont rapporté dans le dossier « field » de l’évaluation et dit ce que dit le relevé : espèces confirmées, ajoutées, cherchées et non trouvées cette saison (ce qui n’est pas une absence), non cherchées. Tout ce qui semble faux est signalé ; rien n’est écrasé.</translation>
    </message>
    <message>
        <source>The assessment that the field package was made from.</source>
        <translation>L’évaluation dont le paquet de terrain a été fait.</translation>
    </message>
    <message>
        <source>What came back</source>
        <translation>Ce qui est revenu</translation>
    </message>
    <message>
        <source>One or several tablets: the survey.gpkg of a package, with the photos beside it, or its zip.</source>
        <translation>Une ou plusieurs tablettes : le survey.gpkg d’un paquet, avec les photos à côté, ou son zip.</translation>
    </message>
    <message>
        <source>Merged survey</source>
        <translation>Relevé fusionné</translation>
    </message>
    <message>
        <source>New row versions</source>
        <translation>Nouvelles versions de lignes</translation>
    </message>
    <message>
        <source>Things to look at</source>
        <translation>Points à vérifier</translation>
    </message>
    <message>
        <source>Confirmed {confirmed}, added {added}, looked for and not found this season {not_found}, not looked for {not_looked}.</source>
        <translation>Confirmées {confirmed}, ajoutées {added}, cherchées et non trouvées cette saison {not_found}, non cherchées {not_looked}.</translation>
    </message>
    <message>
        <source>Survey: agreement with the prediction</source>
        <translation>Relevé : accord avec la prédiction</translation>
    </message>
    <message>
        <source>Survey: observations</source>
        <translation>Relevé : observations</translation>
    </message>
    <message>
        <source>Survey: relevés</source>
        <translation>Relevé : relevés de végétation</translation>
    </message>
    <message>
        <source>Share a survey as a Darwin Core Archive</source>
        <translation>Partager un relevé en archive Darwin Core</translation>
    </message>
    <message>
        <source>Writes field/dwca.zip (Event core, Occurrence, Humboldt, Multimedia) from the survey in an assessment and checks it by rules of our own, without a network. Absences, effort, uncertainty of coordinates and the sampling protocol are in it.</source>
        <translation>Écrit field/dwca.zip (noyau Event, Occurrence, Humboldt, Multimedia) à partir du relevé d’une évaluation et le vérifie selon nos propres règles, sans réseau. Absences, effort, incertitude des coordonnées et protocole d’échantillonnage y sont.</translation>
    </message>
    <message>
        <source>The assessment that a survey was read into.</source>
        <translation>L’évaluation dans laquelle un relevé a été relu.</translation>
    </message>
    <message>
        <source>Creator</source>
        <translation>Auteur du jeu de données</translation>
    </message>
    <message>
        <source>Who made the survey.</source>
        <translation>Qui a fait le relevé.</translation>
    </message>
    <message>
        <source>Organisation</source>
        <translation>Organisation</translation>
    </message>
    <message>
        <source>Who publishes it; blank: the creator.</source>
        <translation>Qui le publie ; vide : l’auteur.</translation>
    </message>
    <message>
        <source>Contact</source>
        <translation>Contact</translation>
    </message>
    <message>
        <source>An e-mail address.</source>
        <translation>Une adresse électronique.</translation>
    </message>
    <message>
        <source>Title of the data set; blank: that of the assessment.</source>
        <translation>Titre du jeu de données ; vide : celui de l’évaluation.</translation>
    </message>
    <message>
        <source>Address of the photos</source>
        <translation>Adresse des photos</translation>
    </message>
    <message>
        <source>Where the photos will lie on the net; blank: they have no public address yet.</source>
        <translation>Où les photos seront en ligne ; vide : elles n’ont pas encore d’adresse publique.</translation>
    </message>
    <message>
        <source>One of those that GBIF takes.</source>
        <translation>Une de celles que le GBIF accepte.</translation>
    </message>
    <message>
        <source>Squares for sensitive species (m)</source>
        <translation>Carrés pour les espèces sensibles (m)</translation>
    </message>
    <message>
        <source>Events with species on a list of conservation are moved into the middle of squares so large, and the archive says so; 0: none is moved.</source>
        <translation>Les événements avec des espèces d’une liste de conservation sont déplacés au milieu de carrés de cette taille, et l’archive le dit ; 0 : aucun n’est déplacé.</translation>
    </message>
    <message>
        <source>Darwin Core Archive</source>
        <translation>Archive Darwin Core</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>Erreurs</translation>
    </message>
    <message>
        <source>Warnings</source>
        <translation>Avertissements</translation>
    </message>
    <message>
        <source>{archive} has {count} errors by our rules; the log says which.</source>
        <translation>{archive} a {count} erreurs selon nos règles ; le journal dit lesquelles.</translation>
    </message>
    <message>
        <source>Service: address</source>
        <translation>Service : adresse</translation>
    </message>
    <message>
        <source>Address of a server that computes assessments (OGC API – Processes). Only the outline of the area and what you choose here are sent to it.</source>
        <translation>Adresse d’un serveur qui calcule des évaluations (OGC API – Processes). Seuls le contour de la zone et ce que vous choisissez ici lui sont envoyés.</translation>
    </message>
    <message>
        <source>Service: authentication</source>
        <translation>Service : authentification</translation>
    </message>
    <message>
        <source>An authentication configuration of QGIS whose password is the token that you were given. It goes to the service alone.</source>
        <translation>Une configuration d’authentification de QGIS dont le mot de passe est le jeton que vous avez reçu. Il n’est transmis qu’au service.</translation>
    </message>
    <message>
        <source>Service: model</source>
        <translation>Service : modèle</translation>
    </message>
    <message>
        <source>One of the models that the service offers; blank where it offers one. “Ask a service” lists them.</source>
        <translation>L’un des modèles que le service propose ; vide s’il n’en propose qu’un. « Interroger un service » en donne la liste.</translation>
    </message>
    <message>
        <source>Service: cube of predictors</source>
        <translation>Service : cube de prédicteurs</translation>
    </message>
    <message>
        <source>One of the cubes that the service offers for the model; blank where it offers one.</source>
        <translation>L’un des cubes que le service propose pour le modèle ; vide s’il n’en propose qu’un.</translation>
    </message>
    <message>
        <source>Model (blank: the one that fits the area)</source>
        <translation>Modèle (vide : celui qui convient à la zone)</translation>
    </message>
    <message>
        <source>The rasters that hold the model&apos;s predictors, matched by band name, then by file name. What they do not give is taken from the base cube that ships, where the model&apos;s card names it.</source>
        <translation>Les rasters qui contiennent les prédicteurs du modèle, rapprochés par nom de bande, puis par nom de fichier. Ce qu’ils ne donnent pas est pris du cube de base livré, si la fiche du modèle le nomme.</translation>
    </message>
    <message>
        <source>Get it …</source>
        <translation>L’obtenir …</translation>
    </message>
    <message>
        <source>Get all …</source>
        <translation>Tout obtenir …</translation>
    </message>
    <message>
        <source>Fetch from the net what this model wants of the sources that are known</source>
        <translation>Télécharger ce que ce modèle demande parmi les sources connues</translation>
    </message>
    <message>
        <source>What was fetched is kept; the same download continues</source>
        <translation>Ce qui a été téléchargé est gardé ; le même téléchargement reprend</translation>
    </message>
    <message>
        <source>Progress of the download</source>
        <translation>Avancement du téléchargement</translation>
    </message>
    <message>
        <source>Fetch {predictor} from {source}</source>
        <translation>Télécharger {predictor} depuis {source}</translation>
    </message>
    <message>
        <source>The model&apos;s card names no source on the net for this predictor</source>
        <translation>La fiche du modèle ne nomme pas de source sur le réseau pour ce prédicteur</translation>
    </message>
    <message>
        <source>About {size:.1f} MB in {requests} requests, {minutes:.1f} minutes.</source>
        <translation>Environ {size:.1f} Mo en {requests} requêtes, {minutes:.1f} minutes.</translation>
    </message>
    <message>
        <source>Nothing was downloaded.</source>
        <translation>Rien n’a été téléchargé.</translation>
    </message>
    <message>
        <source>The rasters are in {folder}.</source>
        <translation>Les rasters sont dans {folder}.</translation>
    </message>
    <message>
        <source>Terms of the sources</source>
        <translation>Conditions des sources</translation>
    </message>
    <message>
        <source>Compare candidate sites</source>
        <translation>Comparer des sites candidats</translation>
    </message>
    <message>
        <source>Puts several sites side by side by their survey lists: how many listed, invasive or endemic species each has, how many of them were recorded in its squares, what all sites share and what only one has.

Sites are ranked only where none of their squares overlap: within one square a model says the same of every site.</source>
        <translation>Met plusieurs sites côte à côte d’après leurs listes de terrain : combien d’espèces réglementées, envahissantes ou endémiques chacun a, combien d’entre elles ont été observées dans ses carrés, ce que tous partagent et ce qu’un seul a.

Les sites ne sont classés que si aucun de leurs carrés ne se recouvre : dans un même carré, un modèle dit la même chose de chaque site.</translation>
    </message>
    <message>
        <source>Folder that holds the assessments of the sites</source>
        <translation>Dossier qui contient les évaluations des sites</translation>
    </message>
    <message>
        <source>Every finished assessment in it that has a survey list is compared.</source>
        <translation>Chaque évaluation terminée qui a une liste de terrain est comparée.</translation>
    </message>
    <message>
        <source>Sites side by side (HTML)</source>
        <translation>Sites côte à côte (HTML)</translation>
    </message>
    <message>
        <source>Whether the sites could be ranked</source>
        <translation>Si les sites ont pu être classés</translation>
    </message>
    <message>
        <source>{folder} holds fewer than two assessments with a survey list: choose the folder in which they lie.</source>
        <translation>{folder} contient moins de deux évaluations avec une liste de terrain : choisissez le dossier où elles se trouvent.</translation>
    </message>
    <message>
        <source>The survey in this folder is damaged: read it back again.</source>
        <translation>Le relevé de ce dossier est endommagé : relisez-le.</translation>
    </message>
    <message>
        <source>Ids of another checklist</source>
        <translation>Identifiants d’un autre référentiel</translation>
    </message>
    <message>
        <source>A table with the columns name, id and checklist, such as ids of the Catalogue of Life. GBIF&apos;s number stands beside them.</source>
        <translation>Un tableau avec les colonnes name, id et checklist, par exemple des identifiants du Catalogue of Life. Le numéro du GBIF est à côté.</translation>
    </message>
    <message>
        <source>{folder} was written by an earlier version of the plugin, whose tables are read differently. Make the assessment again from its area.</source>
        <translation>{folder} a été écrit par une version antérieure de l'extension, dont les tables se lisent autrement. Refaites l'évaluation à partir de sa zone.</translation>
    </message>
    <message>
        <source>Making the environment</source>
        <translation>Création de l'environnement</translation>
    </message>
    <message>
        <source>Fetching packages</source>
        <translation>Téléchargement des paquets</translation>
    </message>
    <message>
        <source>Installing packages</source>
        <translation>Installation des paquets</translation>
    </message>
    <message>
        <source>Checking</source>
        <translation>Vérification</translation>
    </message>
    <message>
        <source>knows {share:.0f} % of the area</source>
        <translation>connaît {share:.0f} % de la zone</translation>
    </message>
    <message>
        <source>Quality on new land: not stated. Treat the scores as a guess.</source>
        <translation>Qualité sur un terrain nouveau : non indiquée. Traitez les scores comme une supposition.</translation>
    </message>
    <message>
        <source>{told}; compared with no other method.</source>
        <translation>{told} ; comparé à aucune autre méthode.</translation>
    </message>
    <message>
        <source>The map of the training data cannot be read ({reason}).</source>
        <translation>La carte des données d'entraînement ne peut pas être lue ({reason}).</translation>
    </message>
    <message>
        <source>Progress of the question</source>
        <translation>Avancement de la demande</translation>
    </message>
    <message>
        <source>Asking</source>
        <translation>Demande en cours</translation>
    </message>
    <message>
        <source>Choose a model first; the warning above says what each of them knows.</source>
        <translation>Choisissez d'abord un modèle ; l'avertissement ci-dessus dit ce que chacun connaît.</translation>
    </message>
    <message>
        <source>Taken: {model}, which {offer}.</source>
        <translation>Retenu : {model}, qui {offer}.</translation>
    </message>
    <message>
        <source>Export the species table …</source>
        <translation>Exporter la table des espèces…</translation>
    </message>
    <message>
        <source>Copy the folder&apos;s path</source>
        <translation>Copier le chemin du dossier</translation>
    </message>
    <message>
        <source>Show the folder</source>
        <translation>Montrer le dossier</translation>
    </message>
    <message>
        <source>This card is not of a form that this version can show.</source>
        <translation>Cette fiche n'a pas une forme que cette version puisse montrer.</translation>
    </message>
    <message>
        <source>Highlight a species on the page “Species” and choose “Species card”.</source>
        <translation>Mettez une espèce en surbrillance sur la page « Espèces » et choisissez « Fiche de l'espèce ».</translation>
    </message>
    <message>
        <source>Records by month ({count} dated)</source>
        <translation>Observations par mois ({count} datées)</translation>
    </message>
    <message>
        <source>Of the site&apos;s cells 90 % lie between {low} and {high}.</source>
        <translation>90 % des mailles du site sont entre {low} et {high}.</translation>
    </message>
    <message>
        <source>It is predicted in none of the cells that were looked at.</source>
        <translation>Elle n'est prédite dans aucune des mailles examinées.</translation>
    </message>
    <message>
        <source>Where it is predicted: {low} to {high}, half of the cells above {middle}.</source>
        <translation>Là où elle est prédite : de {low} à {high}, la moitié des mailles au-dessus de {middle}.</translation>
    </message>
    <message>
        <source>Altitudes from {source} ({resolution:g} m).</source>
        <translation>Altitudes de {source} ({resolution:g} m).</translation>
    </message>
    <message>
        <source>The range of the training data is not known.</source>
        <translation>L'étendue des données d'entraînement n'est pas connue.</translation>
    </message>
    <message>
        <source>A closer look</source>
        <translation>Voir de plus près</translation>
    </message>
    <message>
        <source>from the model&apos;s predictors</source>
        <translation>des prédicteurs du modèle</translation>
    </message>
    <message>
        <source>Raster of altitudes</source>
        <translation>Raster d'altitudes</translation>
    </message>
    <message>
        <source>A raster of altitudes in metres (DEM)</source>
        <translation>Un raster d'altitudes en mètres (MNT)</translation>
    </message>
    <message>
        <source>Tables (*.csv *.tsv *.txt);;All files (*)</source>
        <translation>Tables (*.csv *.tsv *.txt);;Tous les fichiers (*)</translation>
    </message>
    <message>
        <source>Your own records with dates (Darwin Core, CSV): they are counted by month</source>
        <translation>Vos propres observations datées (Darwin Core, CSV) : elles sont comptées par mois</translation>
    </message>
    <message>
        <source>Compute</source>
        <translation>Calculer</translation>
    </message>
    <message>
        <source>Opens the assessment&apos;s model and predictors again, in the background</source>
        <translation>Rouvre le modèle et les prédicteurs de l'évaluation, en arrière-plan</translation>
    </message>
    <message>
        <source>Gives up what is being computed</source>
        <translation>Abandonne le calcul en cours</translation>
    </message>
    <message>
        <source>Altitudes of the cells, how the score answers to each predictor, and your records by month. It opens the model again and takes some seconds.</source>
        <translation>Altitudes des mailles, réponse du score à chaque prédicteur et vos observations par mois. Le modèle est rouvert, ce qui prend quelques secondes.</translation>
    </message>
    <message>
        <source>Altitudes</source>
        <translation>Altitudes</translation>
    </message>
    <message>
        <source>Your records</source>
        <translation>Vos observations</translation>
    </message>
    <message>
        <source>Computing …</source>
        <translation>Calcul en cours…</translation>
    </message>
    <message>
        <source>From {file}; {undated} records of this species have no month.</source>
        <translation>De {file} ; {undated} observations de cette espèce n'ont pas de mois.</translation>
    </message>
    <message>
        <source>Response curves</source>
        <translation>Courbes de réponse</translation>
    </message>
    <message>
        <source>Months</source>
        <translation>Mois</translation>
    </message>
    <message>
        <source>{title}: not told. {reason}</source>
        <translation>{title} : non indiqué. {reason}</translation>
    </message>
    <message>
        <source>Mean score ({scale}) over {cells} cells of this site when one predictor is changed and all others stay as they are. Shaded: the range of the training data, beyond it the model guesses; band: 80 % of the cells; bar at the foot: where this site lies. It says what the model does, not what the plant does.</source>
        <translation>Score moyen ({scale}) de {cells} mailles de ce site quand un prédicteur change et que tous les autres restent tels quels. Ombré : l'étendue des données d'entraînement, au-delà le modèle devine ; bande : 80 % des mailles ; barre au pied : où se trouve ce site. Cela dit ce que fait le modèle, non ce que fait la plante.</translation>
    </message>
    <message>
        <source>Without a curve (classes, images, series): {names}.</source>
        <translation>Sans courbe (classes, images, séries) : {names}.</translation>
    </message>
    <message>
        <source>As tables …</source>
        <translation>En tableaux…</translation>
    </message>
    <message>
        <source>Shares with their intervals and means of indicators, side by side; also where areas or grids differ</source>
        <translation>Parts avec leurs intervalles et moyennes des indicateurs, côte à côte ; aussi quand les zones ou les grilles diffèrent</translation>
    </message>
    <message>
        <source>Preparing the results</source>
        <translation>Préparation des résultats</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Paramètres</translation>
    </message>
    <message>
        <source>Engine, models, network, language and units</source>
        <translation>Moteur, modèles, réseau, langue et unités</translation>
    </message>
    <message>
        <source>Go to a place</source>
        <translation>Aller à un lieu</translation>
    </message>
    <message>
        <source>Press Enter: QGIS&apos;s own locator asks OpenStreetMap&apos;s Nominatim for it</source>
        <translation>Appuyez sur Entrée : le localisateur de QGIS le demande à Nominatim d'OpenStreetMap</translation>
    </message>
    <message>
        <source>The XYZ connections of your QGIS</source>
        <translation>Les connexions XYZ de votre QGIS</translation>
    </message>
    <message>
        <source>Add this background map to the project: its tiles come from the net</source>
        <translation>Ajouter ce fond de carte au projet : ses tuiles viennent du réseau</translation>
    </message>
    <message>
        <source>Click the corners on the map; right click ends, Backspace takes one back, Esc begins anew.</source>
        <translation>Cliquez les sommets sur la carte ; clic droit pour finir, Retour arrière en retire un, Échap recommence.</translation>
    </message>
    <message>
        <source>Drag a rectangle on the map.</source>
        <translation>Tracez un rectangle sur la carte.</translation>
    </message>
    <message>
        <source>The project shows no map. Add a layer to draw on, or a connection under XYZ Tiles in the Browser panel.</source>
        <translation>Le projet ne montre aucune carte. Ajoutez une couche sur laquelle dessiner, ou une connexion sous « XYZ Tiles » dans le panneau Explorateur.</translation>
    </message>
    <message>
        <source>Builds the engine&apos;s own Python environment; nothing of QGIS or of your system is changed, and QGIS stays usable meanwhile</source>
        <translation>Construit l'environnement Python propre au moteur ; rien de QGIS ni de votre système n'est changé, et QGIS reste utilisable pendant ce temps</translation>
    </message>
    <message>
        <source>Stops within seconds and leaves nothing behind</source>
        <translation>S'arrête en quelques secondes et ne laisse rien derrière</translation>
    </message>
    <message>
        <source>Other ways …</source>
        <translation>Autres façons…</translation>
    </message>
    <message>
        <source>Take a Python environment of your own, or a folder of wheels</source>
        <translation>Prendre votre propre environnement Python, ou un dossier de paquets (wheels)</translation>
    </message>
    <message>
        <source>Progress of the set-up</source>
        <translation>Avancement de l'installation</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Journal</translation>
    </message>
    <message>
        <source>What the set-up says, line by line</source>
        <translation>Ce que dit l'installation, ligne par ligne</translation>
    </message>
    <message>
        <source>Log of the set-up</source>
        <translation>Journal de l'installation</translation>
    </message>
    <message>
        <source>Install from the folder of wheels</source>
        <translation>Installer depuis le dossier de paquets</translation>
    </message>
    <message>
        <source>Download and set up</source>
        <translation>Télécharger et installer</translation>
    </message>
    <message>
        <source>Nothing is downloaded: packages come from {folder}.</source>
        <translation>Rien n'est téléchargé : les paquets viennent de {folder}.</translation>
    </message>
    <message>
        <source>Download: about {download} MB from the Python Package Index (pypi.org), which learns your computer&apos;s address; nothing is sent. The button below starts it.</source>
        <translation>Téléchargement : environ {download} Mo du Python Package Index (pypi.org), qui apprend l'adresse de votre ordinateur ; rien n'est envoyé. Le bouton ci-dessous le lance.</translation>
    </message>
    <message>
        <source>On disk: about {installed} MB, in {folder}. Time: about {minutes} minutes and the download.</source>
        <translation>Sur le disque : environ {installed} Mo, dans {folder}. Durée : environ {minutes} minutes, plus le téléchargement.</translation>
    </message>
    <message>
        <source>Progress of the fieldwork</source>
        <translation>Avancement du travail de terrain</translation>
    </message>
    <message>
        <source>Packing</source>
        <translation>Empaquetage</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>Lecture</translation>
    </message>
    <message>
        <source>Asking for size and terms</source>
        <translation>Demande de la taille et des conditions</translation>
    </message>
    <message>
        <source>Downloading</source>
        <translation>Téléchargement</translation>
    </message>
    <message>
        <source>Import a species list …</source>
        <translation>Importer une liste d'espèces…</translation>
    </message>
    <message>
        <source>A red list, protected or alien species: it counts in every later assessment</source>
        <translation>Une liste rouge, des espèces protégées ou exotiques : elle compte dans toute évaluation ultérieure</translation>
    </message>
    <message>
        <source>Name of this part</source>
        <translation>Nom de cette partie</translation>
    </message>
    <message>
        <source>The report calls the part so; one of that name is replaced</source>
        <translation>Le rapport nomme ainsi la partie ; une partie du même nom est remplacée</translation>
    </message>
    <message>
        <source>Save part</source>
        <translation>Enregistrer la partie</translation>
    </message>
    <message>
        <source>Keep it with the assessment: in the tab Parts, and in the report</source>
        <translation>La garder avec l'évaluation : dans l'onglet Parties, et dans le rapport</translation>
    </message>
    <message>
        <source>Progress of keeping a part</source>
        <translation>Avancement de l'enregistrement d'une partie</translation>
    </message>
    <message>
        <source>Saving</source>
        <translation>Enregistrement</translation>
    </message>
    <message>
        <source>Named parts</source>
        <translation>Parties nommées</translation>
    </message>
    <message>
        <source>Show species</source>
        <translation>Montrer les espèces</translation>
    </message>
    <message>
        <source>Show the coverage table of the highlighted part</source>
        <translation>Montrer la table de couverture de la partie en surbrillance</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Retirer</translation>
    </message>
    <message>
        <source>Keep the highlighted part no more</source>
        <translation>Ne plus garder la partie en surbrillance</translation>
    </message>
    <message>
        <source>Copy the table for a spreadsheet</source>
        <translation>Copier la table pour un tableur</translation>
    </message>
    <message>
        <source>Write the table to a CSV file</source>
        <translation>Écrire la table dans un fichier CSV</translation>
    </message>
    <message>
        <source>Means are over the cells of each part, by the set rule. The report tells of every part.</source>
        <translation>Les moyennes portent sur les mailles de chaque partie, selon la règle d'ensemble. Le rapport parle de chaque partie.</translation>
    </message>
    <message>
        <source>No part is named yet: draw one with “Part of the area” in the tab Species, name it there and save it.</source>
        <translation>Aucune partie n'est encore nommée : dessinez-en une avec « Partie de la zone » dans l'onglet Espèces, nommez-la et enregistrez-la.</translation>
    </message>
    <message>
        <source>Removing</source>
        <translation>Retrait</translation>
    </message>
    <message>
        <source>Export the table of parts</source>
        <translation>Exporter la table des parties</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>Photos</translation>
    </message>
    <message>
        <source>GBIF may be asked</source>
        <translation>GBIF peut être interrogé</translation>
    </message>
    <message>
        <source>What leaves this computer is the name or the GBIF key of the species</source>
        <translation>Ce qui quitte cet ordinateur est le nom ou la clé GBIF de l'espèce</translation>
    </message>
    <message>
        <source>Small copies from GBIF&apos;s own image server, each with its author and licence</source>
        <translation>Petites copies du serveur d'images de GBIF, chacune avec son auteur et sa licence</translation>
    </message>
    <message>
        <source>Asking GBIF …</source>
        <translation>Interrogation de GBIF…</translation>
    </message>
    <message>
        <source>Photo by {author}</source>
        <translation>Photo de {author}</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>Observation</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Démarrage</translation>
    </message>
    <message>
        <source>Finished after {time}.</source>
        <translation>Terminé après {time}.</translation>
    </message>
    <message>
        <source>Stopped after {time}.</source>
        <translation>Arrêté après {time}.</translation>
    </message>
    <message>
        <source>{line}, about {time} left</source>
        <translation>{line}, encore {time} environ</translation>
    </message>
    <message>
        <source>Training map</source>
        <translation>Carte d'entraînement</translation>
    </message>
    <message>
        <source>Shows on the map where the model&apos;s training data lie</source>
        <translation>Montre sur la carte où se trouvent les données d'entraînement du modèle</translation>
    </message>
    <message>
        <source>The model&apos;s package has no map of its training data</source>
        <translation>Le paquet du modèle n'a pas de carte de ses données d'entraînement</translation>
    </message>
    <message>
        <source>Species with a map of ranks</source>
        <translation>Espèces avec une carte de rangs</translation>
    </message>
    <message>
        <source>A rank compares the cells of one square for one species: 1 the best, 0 the poorest. It is no chance.</source>
        <translation>Un rang compare les mailles d'un carré pour une espèce : 1 la meilleure, 0 la moins bonne. Ce n'est pas une probabilité.</translation>
    </message>
    <message>
        <source>in a square of the site</source>
        <translation>dans un carré du site</translation>
    </message>
    <message>
        <source>Progress of the report</source>
        <translation>Avancement du rapport</translation>
    </message>
    <message>
        <source>Making the report</source>
        <translation>Création du rapport</translation>
    </message>
    <message>
        <source>Summary</source>
        <translation>Résumé</translation>
    </message>
    <message>
        <source>Ranks</source>
        <translation>Rangs</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>Parties</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Plus</translation>
    </message>
    <message>
        <source>Report, fieldwork, comparison, export and folder of this assessment</source>
        <translation>Rapport, terrain, comparaison, export et dossier de cette évaluation</translation>
    </message>
    <message>
        <source>Opening</source>
        <translation>Ouverture</translation>
    </message>
    <message>
        <source>Card …</source>
        <translation>Fiche…</translation>
    </message>
    <message>
        <source>What the model predicts, how well, and where it does not hold</source>
        <translation>Ce que le modèle prédit, avec quelle qualité, et où il ne vaut pas</translation>
    </message>
    <message>
        <source>Your jobs …</source>
        <translation>Vos tâches…</translation>
    </message>
    <message>
        <source>Your jobs on the service: fetch what they made, or cancel them</source>
        <translation>Vos tâches sur le service : récupérer ce qu'elles ont produit, ou les annuler</translation>
    </message>
    <message>
        <source>{title} ({taxa} species): {knows}</source>
        <translation>{title} ({taxa} espèces) : {knows}</translation>
    </message>
    <message>
        <source>nothing is said of where it holds</source>
        <translation>rien n'est dit de l'endroit où il vaut</translation>
    </message>
    <message>
        <source>does not know this area</source>
        <translation>ne connaît pas cette zone</translation>
    </message>
    <message>
        <source>knows all of this area</source>
        <translation>connaît toute cette zone</translation>
    </message>
    <message>
        <source>knows {share:.0f} % of this area</source>
        <translation>connaît {share:.0f} % de cette zone</translation>
    </message>
    <message>
        <source>Your jobs on {service}</source>
        <translation>Vos tâches sur {service}</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Tâches</translation>
    </message>
    <message>
        <source>Where what the job made is written: a new folder, or one with a part of it</source>
        <translation>Où écrire ce que la tâche a produit : un nouveau dossier, ou un qui en a déjà une partie</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>Actualiser</translation>
    </message>
    <message>
        <source>Fetch</source>
        <translation>Récupérer</translation>
    </message>
    <message>
        <source>Downloads what the job made and opens it</source>
        <translation>Télécharge ce que la tâche a produit et l'ouvre</translation>
    </message>
    <message>
        <source>Cancel job</source>
        <translation>Annuler la tâche</translation>
    </message>
    <message>
        <source>Stops the job, or deletes what it made on the service</source>
        <translation>Arrête la tâche, ou supprime ce qu'elle a produit sur le service</translation>
    </message>
    <message>
        <source>You have no jobs there.</source>
        <translation>Vous n'y avez aucune tâche.</translation>
    </message>
    <message>
        <source>waits</source>
        <translation>en attente</translation>
    </message>
    <message>
        <source>runs</source>
        <translation>en cours</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>terminée</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>échouée</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>annulée</translation>
    </message>
    <message>
        <source>Lists as of</source>
        <translation>Listes au</translation>
    </message>
    <message>
        <source>Not assessed yet: continue the assessment on the other page.</source>
        <translation>Pas encore évalué : continuez l'évaluation sur l'autre page.</translation>
    </message>
    <message>
        <source>This assessment was made by a version that wrote no verdicts into it. Its report has them: make it on the page “Report”, or assess the area again.</source>
        <translation>Cette évaluation a été faite par une version qui n'y écrivait pas de verdicts. Son rapport les contient : créez-le sur la page « Rapport », ou évaluez la zone de nouveau.</translation>
    </message>
    <message>
        <source>{source}, as of {date}</source>
        <translation>{source}, au {date}</translation>
    </message>
    <message>
        <source>Where it is predicted</source>
        <translation>Où elle est prédite</translation>
    </message>
    <message>
        <source>Opening the panel</source>
        <translation>Ouverture du panneau</translation>
    </message>
    <message>
        <source>QGIS cannot open the connection “{name}”: check it under XYZ Tiles in the Browser panel.</source>
        <translation>QGIS ne peut pas ouvrir la connexion « {name} » : vérifiez-la sous « XYZ Tiles » dans le panneau Explorateur.</translation>
    </message>
    <message>
        <source>Species: rank within squares of {side:g} km</source>
        <translation>Espèces : rang à l'intérieur de carrés de {side:g} km</translation>
    </message>
    <message>
        <source>The site.</source>
        <translation>Le site.</translation>
    </message>
    <message>
        <source>Rank of a cell for {name} among the cells of its square of {side:g} km: 1 the best of them, 0 the poorest. No chance; neither squares nor species can be compared by it. Detail of the data behind it: {effective:g} m.</source>
        <translation>Rang d'une maille pour {name} parmi les mailles de son carré de {side:g} km : 1 la meilleure, 0 la moins bonne. Ce n'est pas une probabilité ; ni carrés ni espèces ne se comparent ainsi. Finesse des données : {effective:g} m.</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Partie</translation>
    </message>
    <message>
        <source>Area (ha)</source>
        <translation>Surface (ha)</translation>
    </message>
    <message>
        <source>Cells</source>
        <translation>Cellules</translation>
    </message>
    <message>
        <source>Training data: {title}</source>
        <translation>Données d'entraînement : {title}</translation>
    </message>
    <message>
        <source>{low}–{high} plots</source>
        <translation>{low}–{high} relevés</translation>
    </message>
    <message>
        <source>{low} plots and more</source>
        <translation>{low} relevés et plus</translation>
    </message>
    <message>
        <source>Why there is no estimate</source>
        <translation>Pourquoi il n'y a pas d'estimation</translation>
    </message>
    <message>
        <source>Map a large area in tiles</source>
        <translation>Cartographier une grande zone par tuiles</translation>
    </message>
    <message>
        <source>Assesses an area that is too large for one assessment, such as a canton or a country: it is cut into square tiles, each an assessment of its own that several processes make beside each other. The whole opens as one: its layers, its coverage table, the cell at a point and the coverage of any part of it.

Run it again with the same folder after a stop, or when predictors have changed: only what is missing or changed is made.</source>
        <translation>Évalue une zone trop grande pour une seule évaluation, comme un canton ou un pays : elle est découpée en tuiles carrées, chacune une évaluation que plusieurs processus font côte à côte. L'ensemble s'ouvre comme une seule évaluation : ses couches, sa table de couverture, la maille en un point et la couverture de toute partie.

Relancez avec le même dossier après un arrêt, ou quand des prédicteurs ont changé : seul ce qui manque ou a changé est refait.</translation>
    </message>
    <message>
        <source>Side of a tile (km)</source>
        <translation>Côté d'une tuile (km)</translation>
    </message>
    <message>
        <source>A multiple of the cell size. Smaller tiles need less memory and are sooner made again.</source>
        <translation>Un multiple de la taille des mailles. Des tuiles plus petites demandent moins de mémoire et se refont plus vite.</translation>
    </message>
    <message>
        <source>Processes at once</source>
        <translation>Processus simultanés</translation>
    </message>
    <message>
        <source>Each needs the memory of one assessment.</source>
        <translation>Chacun demande la mémoire d'une évaluation.</translation>
    </message>
    <message>
        <source>Name a part of an assessed area</source>
        <translation>Nommer une partie d'une zone évaluée</translation>
    </message>
    <message>
        <source>Keeps polygons inside the area of an assessment as a named part: coverage and the mean of every indicator over its cells, in drawn_parts.gpkg and coverage_by_part.csv in the assessment&apos;s folder. The report made next has a section on each part.</source>
        <translation>Garde des polygones à l'intérieur de la zone d'une évaluation comme partie nommée : couverture et moyenne de chaque indicateur sur ses mailles, dans drawn_parts.gpkg et coverage_by_part.csv dans le dossier de l'évaluation. Le prochain rapport a une section sur chaque partie.</translation>
    </message>
    <message>
        <source>Polygons of the part</source>
        <translation>Polygones de la partie</translation>
    </message>
    <message>
        <source>All of them together are the part.</source>
        <translation>Tous ensemble forment la partie.</translation>
    </message>
    <message>
        <source>Name of the part</source>
        <translation>Nom de la partie</translation>
    </message>
    <message>
        <source>One of that name is replaced.</source>
        <translation>Une partie du même nom est remplacée.</translation>
    </message>
    <message>
        <source>Part to keep no more</source>
        <translation>Partie à ne plus garder</translation>
    </message>
    <message>
        <source>The name of a part that was kept before.</source>
        <translation>Le nom d'une partie gardée auparavant.</translation>
    </message>
    <message>
        <source>Number of parts that are kept</source>
        <translation>Nombre de parties gardées</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>Tâche</translation>
    </message>
    <message>
        <source>Its id, as “Jobs on a service” lists it, or its address.</source>
        <translation>Son identifiant, tel que « Tâches sur un service » le donne, ou son adresse.</translation>
    </message>
    <message>
        <source>Jobs on a service</source>
        <translation>Tâches sur un service</translation>
    </message>
    <message>
        <source>Lists your jobs on a service, newest first: those that wait, run, are finished or failed. Jobs run on when QGIS is closed; “Fetch a job of a service” brings what they made.</source>
        <translation>Liste vos tâches sur un service, les plus récentes d'abord : celles qui attendent, sont en cours, terminées ou échouées. Les tâches continuent quand QGIS est fermé ; « Récupérer une tâche d'un service » apporte ce qu'elles ont produit.</translation>
    </message>
    <message>
        <source>Jobs (JSON)</source>
        <translation>Tâches (JSON)</translation>
    </message>
    <message>
        <source>Fetch a job of a service</source>
        <translation>Récupérer une tâche d'un service</translation>
    </message>
    <message>
        <source>Downloads what a finished job made into a folder, which then opens like any other assessment. A download that broke off goes on where it stopped when it is started again with the same folder.</source>
        <translation>Télécharge dans un dossier ce qu'une tâche terminée a produit ; il s'ouvre ensuite comme toute évaluation. Un téléchargement interrompu reprend où il s'est arrêté quand il est relancé avec le même dossier.</translation>
    </message>
    <message>
        <source>A new or empty folder, or one with a part of the same job.</source>
        <translation>Un dossier nouveau ou vide, ou qui contient une partie de la même tâche.</translation>
    </message>
    <message>
        <source>Cancel a job of a service</source>
        <translation>Annuler une tâche d'un service</translation>
    </message>
    <message>
        <source>Stops a job that waits or runs on a service. Of a finished one it deletes what it made there; what was fetched stays.</source>
        <translation>Arrête une tâche qui attend ou s'exécute sur un service. D'une tâche terminée, supprime ce qu'elle y a produit ; ce qui a été récupéré reste.</translation>
    </message>
    <message>
        <source>State of the job</source>
        <translation>État de la tâche</translation>
    </message>
    <message>
        <source>Look closely at a species</source>
        <translation>Examiner une espèce de près</translation>
    </message>
    <message>
        <source>Of one species of an assessment: the altitudes of the cells where it is predicted, beside those of the site; how the model&apos;s score changes with each predictor on the site&apos;s own cells, all others left as they are; and your own records by month. What cannot be told says why: the model or the predictors are no longer there, no raster of altitudes is known, no column holds dates. Nothing is written.</source>
        <translation>D'une espèce d'une évaluation : les altitudes des mailles où elle est prédite, à côté de celles du site ; comment le score du modèle change avec chaque prédicteur sur les mailles du site, tous les autres restant tels quels ; et vos propres observations par mois. Ce qui ne peut être dit dit pourquoi : le modèle ou les prédicteurs ne sont plus là, aucun raster d'altitudes n'est connu, aucune colonne ne contient de dates. Rien n'est écrit.</translation>
    </message>
    <message>
        <source>Its name or id, as in the coverage table.</source>
        <translation>Son nom ou son identifiant, comme dans la table de couverture.</translation>
    </message>
    <message>
        <source>A raster of altitudes in metres (DEM). Blank: a predictor of the model that is one.</source>
        <translation>Un raster d'altitudes en mètres (MNT). Vide : un prédicteur du modèle qui en est un.</translation>
    </message>
    <message>
        <source>A table with scientific names and dates (Darwin Core, CSV), counted by month.</source>
        <translation>Une table avec noms scientifiques et dates (Darwin Core, CSV), comptée par mois.</translation>
    </message>
    <message>
        <source>Photos of a species (GBIF)</source>
        <translation>Photos d'une espèce (GBIF)</translation>
    </message>
    <message>
        <source>Asks GBIF for photos of a species and writes small copies into a folder. Only photos whose author and Creative Commons licence are stated are taken; the log names both for each. What leaves your computer is the name or the GBIF key of the species.</source>
        <translation>Demande à GBIF des photos d'une espèce et écrit de petites copies dans un dossier. Seules sont prises les photos dont l'auteur et la licence Creative Commons sont indiqués ; le journal nomme les deux pour chacune. Ce qui quitte votre ordinateur est le nom ou la clé GBIF de l'espèce.</translation>
    </message>
    <message>
        <source>Its scientific name.</source>
        <translation>Son nom scientifique.</translation>
    </message>
    <message>
        <source>GBIF key</source>
        <translation>Clé GBIF</translation>
    </message>
    <message>
        <source>Its key in GBIF&apos;s backbone. Blank: it is looked up by the name.</source>
        <translation>Sa clé dans le référentiel de GBIF. Vide : elle est cherchée d'après le nom.</translation>
    </message>
    <message>
        <source>How many at most</source>
        <translation>Combien au plus</translation>
    </message>
    <message>
        <source>Photos, each from another record.</source>
        <translation>Photos, chacune d'une autre observation.</translation>
    </message>
    <message>
        <source>Folder for the photos</source>
        <translation>Dossier des photos</translation>
    </message>
    <message>
        <source>The copies are 300 pixels wide.</source>
        <translation>Les copies ont 300 pixels de large.</translation>
    </message>
    <message>
        <source>Files, authors and licences (JSON)</source>
        <translation>Fichiers, auteurs et licences (JSON)</translation>
    </message>
    <message>
        <source>Give the scientific name of the species.</source>
        <translation>Donnez le nom scientifique de l'espèce.</translation>
    </message>
    <message>
        <source>parts.csv</source>
        <translation>parties.csv</translation>
    </message>
    <message>
        <source>Scores from</source>
        <translation>Scores de</translation>
    </message>
    <message>
        <source>The area lies outside the rasters of {away} of {all} predictors: choose rasters that cover it, or another area.</source>
        <translation>La zone est hors des rasters de {away} des {all} prédicteurs : choisissez des rasters qui la couvrent, ou une autre zone.</translation>
    </message>
    <message>
        <source>{title} ({unit}): the mean score is highest, {score}, at {value}.</source>
        <translation>{title} ({unit}) : le score moyen est le plus haut, {score}, à {value}.</translation>
    </message>
    <message>
        <source>Shaded: the training data, {low} to {high}.</source>
        <translation>Ombré : les données d'entraînement, de {low} à {high}.</translation>
    </message>
    <message>
        <source>Fetch an elevation model, and climate where it is needed, and derive {predictor} from them</source>
        <translation>Télécharger un modèle d'altitude, et le climat s'il le faut, et en dériver {predictor}</translation>
    </message>
    <message>
        <source>Terms and size of the download come first; a large one then waits for Run again.</source>
        <translation>Les conditions et la taille du téléchargement viennent d'abord ; un grand attend ensuite un nouveau clic sur Lancer.</translation>
    </message>
    <message>
        <source>{tip}; as of {date}</source>
        <translation>{tip} ; au {date}</translation>
    </message>
    <message>
        <source>&lt; {least}</source>
        <translation>&lt; {least}</translation>
    </message>
    <message>
        <source>{name}: {cells} cells of the assessment</source>
        <translation>{name} : {cells} mailles de l'évaluation</translation>
    </message>
    <message>
        <source>I have read the terms and accept them</source>
        <translation>J'ai lu les conditions et les accepte</translation>
    </message>
    <message>
        <source>Accepted name</source>
        <translation>Nom accepté</translation>
    </message>
    <message>
        <source>Rank</source>
        <translation>Rang</translation>
    </message>
    <message>
        <source>Id in the model</source>
        <translation>Identifiant dans le modèle</translation>
    </message>
    <message>
        <source>Expected, lower bound (%)</source>
        <translation>Attendu, borne inférieure (%)</translation>
    </message>
    <message>
        <source>Expected, upper bound (%)</source>
        <translation>Attendu, borne supérieure (%)</translation>
    </message>
    <message>
        <source>Expected richness</source>
        <translation>Richesse attendue</translation>
    </message>
    <message>
        <source>Mean richness</source>
        <translation>Richesse moyenne</translation>
    </message>
    <message>
        <source>Expected richness, lower bound</source>
        <translation>Richesse attendue, borne inférieure</translation>
    </message>
    <message>
        <source>Expected richness, upper bound</source>
        <translation>Richesse attendue, borne supérieure</translation>
    </message>
    <message>
        <source>Rarely recorded</source>
        <translation>Rarement observée</translation>
    </message>
    <message>
        <source>Weak</source>
        <translation>Faible</translation>
    </message>
    <message>
        <source>Seasonal</source>
        <translation>Saisonnière</translation>
    </message>
    <message>
        <source>Common name ({language})</source>
        <translation>Nom commun ({language})</translation>
    </message>
    <message>
        <source>not stated for a part of the area</source>
        <translation>non indiqué pour une partie de la zone</translation>
    </message>
    <message>
        <source>Points and lines have no area: give a buffer in metres around them.</source>
        <translation>Les points et les lignes n'ont pas de surface : donnez un tampon en mètres autour.</translation>
    </message>
    <message>
        <source>Altitudes: the species filled, the site outlined</source>
        <translation>Altitudes : l'espèce en plein, le site en contour</translation>
    </message>
    <message>
        <source>The site is large: only {cells} of its cells, evenly spread, were looked at.</source>
        <translation>Le site est grand : seules {cells} de ses mailles, réparties régulièrement, ont été examinées.</translation>
    </message>
    <message>
        <source>All pages</source>
        <translation>Toutes les pages</translation>
    </message>
    <message>
        <source>Progress of opening</source>
        <translation>Avancement de l'ouverture</translation>
    </message>
    <message>
        <source>Opening {name}</source>
        <translation>Ouverture de {name}</translation>
    </message>
    <message>
        <source>Emptying the cache …</source>
        <translation>Vidage du cache…</translation>
    </message>
    <message>
        <source>Measuring the cache …</source>
        <translation>Mesure du cache…</translation>
    </message>
    <message>
        <source>Reading the coverage table …</source>
        <translation>Lecture de la table de couverture…</translation>
    </message>
    <message>
        <source>All {cells} cells have the same value, {value}: the map shows one colour.</source>
        <translation>Les {cells} mailles ont toutes la même valeur, {value} : la carte montre une seule couleur.</translation>
    </message>
    <message>
        <source>Mean {mean}, from {low} to {high} in {cells} cells.</source>
        <translation>Moyenne {mean}, de {low} à {high} dans {cells} mailles.</translation>
    </message>
    <message>
        <source>The engine that runs the models is not set up yet. The GeoPl@ntNet panel and the tool “Set up the engine” do that; they can also take a Python environment of your own. Existing assessments open without it.</source>
        <translation>Le moteur qui exécute les modèles n'est pas encore installé. Le panneau GeoPl@ntNet et l'outil « Installer le moteur » le font ; ils peuvent aussi prendre un environnement Python à vous. Les évaluations existantes s'ouvrent sans lui.</translation>
    </message>
    <message>
        <source>From GBIF</source>
        <translation>De GBIF</translation>
    </message>
    <message>
        <source>Nothing is fetched before you tick and click; what leaves this computer is the name of the species, and for months the country, to api.gbif.org.</source>
        <translation>Rien n'est cherché avant que vous cochiez et cliquiez ; ce qui quitte cet ordinateur est le nom de l'espèce et, pour les mois, le pays, vers api.gbif.org.</translation>
    </message>
    <message>
        <source>Of this country alone</source>
        <translation>De ce pays seulement</translation>
    </message>
    <message>
        <source>How many of GBIF&apos;s records of this species are of each month</source>
        <translation>Combien d'observations de cette espèce dans GBIF sont de chaque mois</translation>
    </message>
    <message>
        <source>Records of the country of this site; GBIF then learns which one that is</source>
        <translation>Observations du pays de ce site ; GBIF apprend alors lequel</translation>
    </message>
    <message>
        <source>all countries</source>
        <translation>tous les pays</translation>
    </message>
    <message>
        <source>{count} records ({where}) with a month, {undated} without; counted by {source} on {day}. It is when people found the plant, not when it flowers; those dated by year alone may stand in January.</source>
        <translation>{count} observations ({where}) avec un mois, {undated} sans ; comptées par {source} le {day}. C'est quand on a trouvé la plante, non quand elle fleurit ; celles datées par l'année seule peuvent figurer en janvier.</translation>
    </message>
    <message>
        <source>GBIF has no record of it with a month ({where}); asked on {day}.</source>
        <translation>GBIF n'en a aucune observation avec un mois ({where}) ; demandé le {day}.</translation>
    </message>
    <message>
        <source>Pl@ntNet&apos;s alone</source>
        <translation>De Pl@ntNet seulement</translation>
    </message>
    <message>
        <source>Photos of the observations that Pl@ntNet shares with GBIF, checked by its community</source>
        <translation>Photos des observations que Pl@ntNet partage avec GBIF, vérifiées par sa communauté</translation>
    </message>
    <message>
        <source>GBIF has no such photo of this species whose author and licence are stated.</source>
        <translation>GBIF n'a aucune photo de ce genre de cette espèce dont l'auteur et la licence sont indiqués.</translation>
    </message>
    <message>
        <source>Lists as of {date}.</source>
        <translation>Listes en date de {date}.</translation>
    </message>
    <message>
        <source>Pl@ntNet&apos;s observations alone</source>
        <translation>Observations de Pl@ntNet seulement</translation>
    </message>
    <message>
        <source>Photos of the observations that Pl@ntNet shares with GBIF, checked by its community.</source>
        <translation>Photos des observations que Pl@ntNet partage avec GBIF, vérifiées par sa communauté.</translation>
    </message>
    <message>
        <source>Months in which a species is recorded (GBIF)</source>
        <translation>Mois où une espèce est observée (GBIF)</translation>
    </message>
    <message>
        <source>Asks GBIF how many of its records of a species are of each month, in the country of an assessment or everywhere. It counts when people found the plant, not when it flowers; records with a year alone may stand in January. What leaves your computer is the name or the GBIF key of the species and the country.</source>
        <translation>Demande à GBIF combien de ses observations d'une espèce sont de chaque mois, dans le pays d'une évaluation ou partout. Cela compte quand on a trouvé la plante, non quand elle fleurit ; les observations avec l'année seule peuvent figurer en janvier. Ce qui quitte votre ordinateur est le nom ou la clé GBIF de l'espèce et le pays.</translation>
    </message>
    <message>
        <source>Records of the country of this assessment alone. Blank, or a site at a border: of all countries.</source>
        <translation>Observations du pays de cette évaluation seulement. Vide, ou un site à une frontière : de tous les pays.</translation>
    </message>
    <message>
        <source>Counts by month (JSON)</source>
        <translation>Nombres par mois (JSON)</translation>
    </message>
    <message>
        <source>{count} records with a month, by {source}, {day}</source>
        <translation>{count} observations avec un mois, selon {source}, {day}</translation>
    </message>
    <message>
        <source>Quality on new land: not stated; tested on land it has seen, {metric} {value}.</source>
        <translation>Qualité sur des terrains nouveaux : non indiquée ; testé sur des terrains qu'il a vus, {metric} {value}.</translation>
    </message>
    <message>
        <source>Quality on new land: {metric} {value}, in blocks of {side:g} km</source>
        <translation>Qualité sur des terrains nouveaux : {metric} {value}, par blocs de {side:g} km</translation>
    </message>
    <message>
        <source>{told}; the best other method there: {name} {value}.</source>
        <translation>{told} ; la meilleure autre méthode au même endroit : {name} {value}.</translation>
    </message>
    <message>
        <source>The engine is ready: choose an area, or try the demo.</source>
        <translation>Le moteur est prêt : choisissez une zone, ou essayez la démo.</translation>
    </message>
    <message>
        <source>Write every score of every listed species</source>
        <translation>Écrire chaque score de chaque espèce listée</translation>
    </message>
    <message>
        <source>all_scores.tif, a large file beside the others, for work with rasters: the model runs over the area a second time for it.</source>
        <translation>all_scores.tif, un grand fichier à côté des autres, pour travailler sur des rasters : le modèle parcourt la zone une seconde fois pour lui.</translation>
    </message>
    <message>
        <source>What helps</source>
        <translation>Ce qui aide</translation>
    </message>
    <message>
        <source>No list speaks of this species: unknown, not “no”.</source>
        <translation>Aucune liste ne parle de cette espèce : inconnu, et non « non ».</translation>
    </message>
    <message>
        <source>{area}, {cells} cells of {size}</source>
        <translation>{area}, {cells} mailles de {size}</translation>
    </message>
    <message>
        <source>The square of {side} around the site. {source}. Expected by a model and by records, not observed on the site.</source>
        <translation>Le carré de {side} autour du site. {source}. Attendu d’après un modèle et des observations, non observé sur le site.</translation>
    </message>
    <message>
        <source>Cells of {size}, ranked within squares of {side}. {source}. No chances and no sums; predicted, not observed.</source>
        <translation>Mailles de {size}, classées au sein de carrés de {side}. {source}. Ni chances ni sommes ; prédit, non observé.</translation>
    </message>
    <message>
        <source>{cells} cells of {size}. {source}. Predicted, not observed.</source>
        <translation>{cells} mailles de {size}. {source}. Prédit, non observé.</translation>
    </message>
    <message>
        <source>Indicators (detail of {size})</source>
        <translation>Indicateurs (détail de {size})</translation>
    </message>
    <message>
        <source>{title}, one value a cell of {size} (detail of the data behind it: {effective}). {definition} {rule}</source>
        <translation>{title}, une valeur par maille de {size} (détail des données qui la fondent : {effective}). {definition} {rule}</translation>
    </message>
    <message>
        <source>{size}: a finer map is smoother, not more detailed</source>
        <translation>{size} : une carte plus fine est plus lisse, pas plus détaillée</translation>
    </message>
    <message>
        <source>Cells of {size}; detail of the data behind them: {effective}. {crs}.</source>
        <translation>Mailles de {size} ; détail des données sous-jacentes : {effective}. {crs}.</translation>
    </message>
</context>
</TS>
