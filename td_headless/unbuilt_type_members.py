"""The part of `unbuilt_members` that belongs to single operator types."""

from __future__ import annotations

UNBUILT_OF_TYPES: dict[str, str] = {
    "actorCOMP": "bodies",
    "animationCOMP": "deleteKeyframe() setKeyframe()",
    "bulletsolverCOMP": "actors",
    "buttonCOMP": "click()",
    "cameraCOMP": "mpcdiRegion() projection() projectionInverse()",
    "containerCOMP": "click() clickChild()",
    "engineCOMP": "goToDone()",
    "fieldCOMP": "setKeyboardFocus()",
    "geotextCOMP": "evalTextSize() layoutText() textHeight textWidth",
    "lightCOMP": "mpcdiRegion() projection() projectionInverse()",
    "listCOMP": """
        attribs cellAttribs colAttribs displayAttribs displayRowHeight() displlayColWidth() dragCol dragRow dropCol
        dropRow focusCol focusRow radioCol radioRow reset() rolloverCol rolloverRow rowAttribs scroll() selectCol
        selectRow selectionBorderColor selectionColor selections setKeyboardFocus()
    """,
    "nvidiaflexsolverCOMP": "actors",
    "opviewerCOMP": "isViewable()",
    "parameterCOMP": "minWidth",
    "replicatorCOMP": "curItem",
    "sliderCOMP": "click()",
    "tableCOMP": "click() clickID() getCellID() getColFromID() getRowFromID() setKeyboardFocus()",
    "textCOMP": """
        editText evalTextSize() formatText() selectedText setCursorPosUV() setKeyboardFocus() textHeight textWidth
    """,
    "timeCOMP": "timecode",
    "widgetCOMP": "click() clickChild()",
    "windowCOMP": """
        contentHeight contentWidth contentX contentY height isBorders isFill isOpen scalingMonitorIndex setForeground()
        width x y
    """,
    "glslTOP": "compileResult",
    "glslmultiTOP": "compileResult",
    "kinectazureTOP": """
        colorCameraIntrinsics depthCameraIntrinsics getRemapTransform() transformWorldToColorImage()
        transformWorldToDepthImage()
    """,
    "moviefileinTOP": """
        fileHeight fileStartTimecode fileWidth findHeader() getHeader() hasAudio hasDecodeErrors index indexFraction
        isFullyPreRead isInvalid isLastFrame isLoopFrame isOddField isOpen isOpening isPreloading lastIndexUploaded
        metadata numHeaders numImages numSeconds preload() rate sourceChannels start timecode trueIndex trueNumImages
    """,
    "moviefileoutTOP": "curSeqIndex fileSuffix writeCount",
    "mpcdiTOP": "cameraTransform() projection()",
    "notchTOP": "exposedProperties",
    "oakselectTOP": "timecode",
    "photoshopinTOP": "isConnected isReceivingUpdates",
    "pointfileinTOP": "numFields numLoadedPoints numPoints numSrcPoints",
    "renderstreamoutTOP": "sendLog() sendStatusMessage()",
    "scriptTOP": """
        appendCustomPage() copyCUDAMemory() copyNumpyArray() destroyCustomPars() loadByteArray() sortCustomPages()
    """,
    "st2110inTOP": "inputSignalFormat isConnected",
    "stypeTOP": "timecode",
    "textTOP": """
        ascender capHeight curText cursorEnd cursorStart descender evalTextSize() fontSupportsChars() lineGap lines()
        numLines selectedText textHeight textWidth xHeight
    """,
    "videodeviceinTOP": "inputSignalFormat isConnected timecode",
    "videostreaminTOP": """
        connectionsFailed connectionsLost frameTime isConnected isConnecting isOddField videoHeight videoWidth
    """,
    "videostreamoutTOP": "streamURL",
    "webrenderTOP": """
        executeJavaScript() flushCookieStore() interactMouse() interactTouch() loaded sendKey() sendString()
    """,
    "zedTOP": "calibrationParameters calibrationParametersRaw",
    "audiobandeqCHOP": "chanIndex sampleIndex",
    "audiodynamicsCHOP": "chanIndex sampleIndex",
    "audiofileinCHOP": "metadata timecode",
    "audiofileoutCHOP": "fileSuffix",
    "audiofilterCHOP": "chanIndex sampleIndex",
    "audiomovieCHOP": "hasAudio playbackRate",
    "audiooscillatorCHOP": "chanIndex",
    "audioparaeqCHOP": "chanIndex sampleIndex",
    "audioplayCHOP": "play() stop()",
    "audiovstCHOP": """
        panic() send() sendAfterTouch() sendAllNotesOff() sendChannelPressure() sendControl() sendExclusive()
        sendNoteOff() sendNoteOn() sendPitchBend() sendProgram()
    """,
    "clipblenderCHOP": """
        clipA clipB currentClip currentFrame currentTime endBlendTime isBlending isQueued isTriggerWaiting lastClipA
        lastClipB nextClip startBlendTime trigger() triggerClip
    """,
    "clockCHOP": "timecode",
    "compositeCHOP": "chanIndex",
    "copyCHOP": "chanIndex copyIndex sampleIndex",
    "dattoCHOP": "inputCell inputCol inputRow inputTable",
    "delayCHOP": "chanIndex",
    "dmxinCHOP": "timecode",
    "envelopeCHOP": "chanIndex",
    "eventCHOP": "createEvent() releaseEvent()",
    "expressionCHOP": "chanIndex inputVal sampleIndex",
    "fileinCHOP": "chanIndex curVal sampleIndex",
    "filterCHOP": "chanIndex",
    "lagCHOP": "chanIndex sampleIndex",
    "lfoCHOP": "chanIndex",
    "limitCHOP": "chanIndex",
    "ltcinCHOP": "timecode",
    "ltcoutCHOP": "timecode",
    "mathCHOP": "chanIndex sampleIndex",
    "midiinCHOP": "timecode",
    "midioutCHOP": """
        panic() send() sendAllNotesOff() sendBalance() sendBankSelect() sendBreathController() sendChannelPressure()
        sendControl() sendDamperPedal() sendDataDecrement() sendDataIncrement() sendEffectControl() sendEffectsDepth()
        sendExclusive() sendFootController() sendGeneralPurposeController() sendHold2() sendLegatoFootswitch()
        sendLocalControl() sendMainVolume() sendModulationWheel() sendMonoOn() sendNoteOff() sendNoteOn() sendOmniOff()
        sendOmniOn() sendPan() sendPitchBend() sendPolyKeyPressure() sendPolyOn() sendPortamento()
        sendPortamentoControl() sendPortamentoTime() sendProgram() sendResetAllControllers() sendSoftPedal()
        sendSostenuto() sendSoundController() sendTimecode()
    """,
    "noiseCHOP": "chanIndex sampleIndex",
    "oakdeviceCHOP": """
        lockDevice() masterFrame masterSample masterSeconds masterTimecode runningFrame runningSample runningSeconds
        runningTimecode sendMessage() timecode unlockDevice()
    """,
    "oakselectCHOP": """
        appendChan() appendCustomPage() clear() copy() copyNumpyArray() destroyCustomPars() oakBuffer oakNnData
        oakSysInfo sortCustomPages() timeSliceDefault timecode
    """,
    "openvrCHOP": "triggerHapticPulse()",
    "patternCHOP": "chanIndex sampleIndex",
    "pulseCHOP": "chanIndex",
    "renderpickCHOP": "pickedSOP",
    "renderstreaminCHOP": "cameraTransform projection",
    "scriptCHOP": """
        appendChan() appendCustomPage() clear() copy() copyNumpyArray() destroyCustomPars() sortCustomPages()
        timeSliceDefault
    """,
    "scurveCHOP": "chanIndex",
    "shiftCHOP": "chanIndex",
    "speedCHOP": "chanIndex",
    "springCHOP": "chanIndex",
    "stretchCHOP": "chanIndex",
    "stypeCHOP": "timecode",
    "syncinCHOP": "timecode",
    "syncoutCHOP": "send() timecode",
    "timecodeCHOP": "timecode",
    "timelineCHOP": "timecode",
    "timerCHOP": """
        beginFrame beginSample beginSeconds cumulativeFrames cumulativeSamples cumulativeSeconds cumulativeTimecode
        cycle fraction goTo() goToCycleEnd() goToNextSegment() goToPrevSegment() lastCycle() masterFraction masterFrames
        masterSamples masterSeconds masterTimecode playingFrames playingSamples playingSeconds playingTimecode
        runningFraction runningFrames runningLengthFrames runningLengthSamples runningLengthSeconds
        runningLengthTimecode runningSamples runningSeconds runningTimecode segment segments timecode
    """,
    "triggerCHOP": "chanIndex",
    "waveCHOP": "chanIndex sampleIndex",
    "copySOP": "copyIndex copyTotal inputPoint",
    "deleteSOP": "inputPoint inputPrim",
    "groupSOP": "inputPoint inputPrim",
    "isosurfaceSOP": "curPos",
    "modelSOP": "appendBezier() appendMesh() appendPoint() appendPoly() clear() copy()",
    "particleSOP": "createParticles()",
    "pointSOP": "inputColor inputColor2 inputNormal inputNormal2 inputPoint inputPoint2 inputTexture inputTexture2",
    "primitiveSOP": "inputColor inputPrim",
    "scriptSOP": """
        appendBezier() appendCustomPage() appendMesh() appendPoint() appendPoly() clear() copy() createPointGroup()
        createPrimGroup() destroyCustomPars() sortCustomPages()
    """,
    "sweepSOP": "inputVertex",
    "textSOP": "ascender capHeight descender fontSupportsChars() lineGap lines() numGlyphs numLines xHeight",
    "vertexSOP": "inputColor inputColor2 inputNormal inputNormal2 inputTexture inputTexture2 inputVertex inputVertex2",
    "glslMAT": "compileResult",
    "pbrMAT": "outputShader()",
    "phongMAT": "outputShader()",
    "evaluateDAT": "exprCell exprCol exprRow exprTable inputCell inputCol inputRow inputTable",
    "fileoutDAT": "send() sendBytes() writeCount",
    "insertDAT": "fillName subCol subRow",
    "jsonDAT": "expr result results source",
    "mediafileinfoDAT": """
        acodec acodecDesc bitdepth fetchInfo() filename filepath fps frames height metadata numChannels numSamples
        numSeconds pixel_aspect_ratio sampleRate valuesAreValid vcodec vcodecDesc width
    """,
    "mpcdiDAT": "cameraTransform() projection()",
    "mqttclientDAT": "isConnected publish() subscribe() unsubscribe()",
    "oscinDAT": "send() sendBytes() sendOSC()",
    "oscoutDAT": "send() sendBytes() sendOSC()",
    "renderpickDAT": "pick()",
    "scriptDAT": "appendCustomPage() destroyCustomPars() sortCustomPages() textFormat",
    "selectDAT": "inputCell inputCol inputRow inputTable",
    "serialDAT": "send() sendBytes()",
    "socketioDAT": "emit()",
    "substituteDAT": "inputCell inputCol inputRow inputTable",
    "tableDAT": "fillName subCol subRow",
    "tcpipDAT": "send() sendBytes()",
    "textDAT": "textFormat",
    "udpinDAT": "send() sendBytes() sendOSC()",
    "udpoutDAT": "send() sendBytes() sendOSC()",
    "udtinDAT": "send() sendBytes() sendOSC()",
    "udtoutDAT": "send() sendBytes() sendOSC()",
    "webDAT": """
        downloadCurrent downloadFraction downloadTotal queryContentEncoding queryContentLength queryContentType
        queryContentTypeCharset
    """,
    "webclientDAT": "closeConnection() connections request()",
    "webrtcDAT": """
        addIceCandidate() addTrack() closeConnection() closeDataChannel() createAnswer() createDataChannel()
        createOffer() getConnectionState() getIceConnectionState() getIceGatheringState() getSignalingState() getStats()
        getTracks() openConnection() peerConnections removeTrack() restartIce() sendBytes() sendText()
        setLocalDescription() setRemoteDescription()
    """,
    "websocketDAT": "sendBinary() sendPing() sendPong() sendText()",
    "fileoutPOP": "curSeqIndex fileSuffix writeCount",
}
"""By operator type: words separated by blanks."""
