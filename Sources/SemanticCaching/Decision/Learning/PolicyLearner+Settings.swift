extension PolicyLearner {
    /// Changes how it decides; a fit that was made for another error rate gets the level of this one at once.
    ///
    /// - Complexity: O(*w* log *w*) for a window of *w* requests.
    public mutating func reconfigure(_ settings: CalibrationSettings) {
        if origin == .shipped || origin == .none {
            self.settings = settings
            begin(with: ShippedPrior.prior(for: embeddingModel))
        } else if let fit, !settings.hasSameRate(as: self.settings) {
            setLevel(level(of: fit, for: settings))
        }
        self.settings = settings
    }

    /// The level at which a fit keeps the error rate of the settings: over the remembered requests, or, where none are
    /// remembered, at every single hit.
    func level(of fit: CalibrationFit, for settings: CalibrationSettings) -> Double {
        let (scores, wereServed) = requestScores(of: fit.model)
        guard !scores.isEmpty else {
            return fit.curve.level(forErrorOf: settings.maximumErrorRate * settings.safety / brake)
        }
        return fit.curve.level(for: scores, served: wereServed, settings, brake: brake)
    }
}

extension CalibrationSettings {
    /// Whether both promise the same.
    func hasSameRate(as other: CalibrationSettings) -> Bool {
        maximumErrorRate == other.maximumErrorRate && countsErrorsPerHit == other.countsErrorsPerHit
    }
}
