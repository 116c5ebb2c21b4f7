"""Members that TouchDesigner documents and td_headless has not built, by class; methods end in ``()``.

Names from Derivative's wiki (the ``*_Class`` pages); ``tests/data/td_names.json`` holds all, and a test compares.
Whoever builds a member removes it here.
"""

from __future__ import annotations

from td_headless.unbuilt_type_members import UNBUILT_OF_TYPES

UNBUILT: dict[str, str] = {
    "OP": """
        asType() changeType() childrenCPUCookAbsFrame childrenCPUMemory() childrenCookAbsFrame childrenGPUCookAbsFrame
        childrenGPUMemory() closeViewer() cookEndTime cookStartTime cpuMemory curBlock curPar curSeq currentPage
        dependenciesTo() enclosedBy fileFolder filePath gpuMemory icon iop ipar licenseType maxInputs minInputs
        openMenu() openParameters() openViewer() passive replicator resetNodeSize() resetViewer() unload() var()
        visibleLevel
    """,
    "COMP": """
        accessPrivateContents() addPrivacy() blockPrivateContents() collapseSelected() dirty inputCOMPConnectors
        inputCOMPs internalOPs internalPars isPrivacyActive isPrivacyLicensed isPrivate layout() loadByteArray()
        loadTox() outputCOMPConnectors outputCOMPs pickable privacyDeveloperEmail privacyDeveloperName privacyFirmCode
        privacyProductCode progressiveUnload() progressiveUnloader reload() removePrivacy() resetNetworkView() save()
        saveByteArray() saveExternalTox() setVar() unsetVar() vars()
    """,
    "DAT": "detectLanguage() editingFile export locals scroll()",
    "CHOP": "convertToKeyframes() export exportChanges save()",
    "TOP": "cudaMemory() newestSliceWOffset pixelFormat pixelFormatName",
    "POP": """
        bounds() compare computeBounds() dimension maxVertsPerLineStrip numPoints() numPrims() numVerts()
        pointAttributes pointAttributesChanged points() primAttributes primAttributesChanged prims() reallocate() save()
        template vertAttributes vertAttributesChanged verts()
    """,
    "Par": """
        bindRange bindReferences collapsable collapser evalExport() evalFile() exportOP exportSource lastScriptChange
        menuSource styleCloneImmune subLabel
    """,
    "ParGroup": """
        baseName bindMaster bindRange bindReferences blockIndex collapsable collapser defaultSize evalExport() exportOP
        exportSource index maxSize menuSource sequenceIndex subLabel
    """,
    "Page": "appendParGroup() appendSequence()",
    "Channel": "copyNumpyArray() destroy() exports",
    "Connector": "description inOP outOP",
    "App": """
        addNonCommercialLimit() addResolutionLimit() applicationsFolder compileDate configFolder desktopFolder
        enableCachedParameters enableOptimizedExprs launchTime logExtensionCompiles paletteFolder preferencesFolder
        pyEnvHelper recentFiles removeNonCommercialLimit() removeResolutionLimit() samplesFolder systemFolder
        userPaletteFolder windowColorBits
    """,
    "Project": """
        accessPrivateContents() addPrivacy() applyWindowSettings() cacheParameters editorWindowPixelFormat
        externalToxModifiedInProject externalToxModifiedOnDisk hdrReferenceWhiteNits isPrivateKey load()
        performWindowPath pythonStack() quit() removePrivacy() resetAudioOnDeviceChange save() saveTime
        sdrReferenceWhiteNits stack() windowDraw windowOnTop windowStartCustomHeight windowStartCustomWidth
        windowStartCustomX windowStartCustomY windowStartMode workingColorSpace
    """,
    "UI": """
        clipboard colors copyOPs() dpiBiCubicFilter findEditDAT() lastChopChannelSelected openBeat() openBookmarks()
        openCOMPEditor() openConsole() openDialogHelp() openErrors() openExplorer() openExportMovie() openImportFile()
        openKeyManager() openMIDIDeviceMapper() openNewProject() openOperatorSnippets() openPaletteBrowser()
        openPerformanceMonitor() openPreferences() openSearch() openTextport() openVersion() openWindowPlacement()
        options pasteOPs() preferences refresh() rollover rolloverOp rolloverPage rolloverPanel rolloverPar
        rolloverParGroup viewFile() windowHeight windowWidth windowX windowY
    """,
    "Undo": "redo() undo()",
    "Sequence": "blockName blockParGroups blockPars sortBlocks()",
    "SequenceBlock": "namePar parGroup",
    "TDU": """
        ArcBall Camera Color FileInfo Matrix ParMenu() Quaternion TableMenu() Timecode collapsePath() debug expandPath()
        fileTypes forceCrash() isPointCloudFile() parSummary()
    """,
    "Panes": "createFloating()",
    "NetworkEditor": """
        bottomLeft changeType() close() fitHeight() fitWidth() floatingCopy() placeOPs() splitBottom() splitLeft()
        splitRight() splitTop() tearAway() topRight
    """,
    "panelCOMP": """
        dropReady interactClear() interactMouse() interactStatus() interactTouch() locateMouse() locateMouseUV()
        marginHeight marginWidth marginX marginY setFocus()
    """,
    "objectCOMP": """
        importABC() importFBX() localTransform preTransform() relativeTransform() setPreTransform() setTransform()
        transform() worldTransform
    """,
    "Point": "destroy() normP",
    "Prim": "destroy() direction eval() normal weight",
    "Attribute": "arraySize destroy() isArray numMatCols numMatRows vals()",
    "Attributes": "create()",
    "Dependency": "listAttributes ops",
    "Vector": "project() reflect() slerp()",
    **UNBUILT_OF_TYPES,
}
"""By class: words separated by blanks."""
