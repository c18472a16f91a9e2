/// Who runs and who waits in an ``EncoderPool``, apart from threads: a pure state machine.
package struct EncoderPoolState<Workspace, Job> {
    /// What to do with a job that was submitted.
    package enum Submission {
        /// Run it now, in this workspace or, when there is none yet, in a new one.
        case start(Job, Workspace?)
        /// It waits its turn.
        case wait
    }

    private let width: Int
    private var running = 0
    private var idle: [Workspace] = []
    private var waiting: [Job] = []
    /// Waiting jobs before this index have left; they are dropped together, so that leaving costs O(1).
    private var head = 0

    package init(width: Int) {
        self.width = width
    }

    /// The number of jobs that wait.
    package var waitingCount: Int { waiting.count - head }

    package mutating func submit(_ job: Job) -> Submission {
        guard running < width else {
            waiting.append(job)
            return .wait
        }
        running += 1
        return .start(job, idle.popLast())
    }

    /// A job is done: returns the one that takes over its workspace, if one waits.
    package mutating func finish(_ workspace: Workspace) -> Job? {
        guard waitingCount > 0 else {
            running -= 1
            idle.append(workspace)
            return nil
        }
        let job = waiting[head]
        head += 1
        if head * 2 >= waiting.count {
            waiting.removeFirst(head)
            head = 0
        }
        return job
    }

    /// Takes a waiting job out, if it still waits.
    package mutating func remove(where isMatch: (Job) -> Bool) -> Job? {
        guard let index = waiting[head...].firstIndex(where: isMatch) else { return nil }
        return waiting.remove(at: index)
    }
}
