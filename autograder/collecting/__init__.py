"""From a learning platform's download to submitted/, and from the marks to its grade book."""
