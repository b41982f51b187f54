"""Makes the data sets that lie beside the notebooks.

This needs scikit-learn, which students do not: what they read is ``digits.h5``, written here from
the copy of the digits inside scikit-learn. The pictures are the test part of "Optical Recognition
of Handwritten Digits" (E. Alpaydin, C. Kaynak, UCI Machine Learning Repository, CC BY 4.0,
https://doi.org/10.24432/C50P49).
"""

from pathlib import Path

import h5py
import numpy as np

SEED = 0
SHARE_OF_TEST = 0.2
# Of the costs 1, 10, 100 and the widths 0.02, 0.05, 0.1 and "scale" (about 0.11): the pair that
# does best in a cross-validation with five folds on the training part.
SVM_COST, SVM_WIDTH = 10.0, 0.05

SOURCE = (
    "Optical Recognition of Handwritten Digits, test part, E. Alpaydin and C. Kaynak, "
    "UCI Machine Learning Repository, https://doi.org/10.24432/C50P49, CC BY 4.0; "
    "taken from scikit-learn (BSD-3-Clause), load_digits"
)


def make_all(folder: Path) -> list[Path]:
    """Write every data set into the folder, which must exist, and return their paths.

    The same versions of the libraries write the same bytes. Raises ImportError without
    scikit-learn.
    """
    return [make_digits(Path(folder) / "digits.h5")]


def make_digits(path: Path) -> Path:
    """Write 1797 pictures of digits, a split, and a support vector machine fitted to its one part.

    ``images`` (1797, 8, 8) holds whole numbers from 0 to 16, ``labels`` (1797,) the digits,
    ``is_test`` (1797,) which fifth is kept for the test, with the same share of each digit. The
    group ``svm`` holds a machine with the kernel exp(-gamma * |x - y|^2), fitted to the pictures
    of the training part divided by 16: the places of its support vectors among the ``images``,
    their ``dual_coefficients`` (9, n), ``intercepts`` (45,) and the ``counts`` (10,) of support
    vectors per digit, in the order in which scikit-learn (``SVC``) keeps them.
    """
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split
    from sklearn.svm import SVC

    digits = load_digits()
    images, labels = digits.images.astype(np.uint8), digits.target.astype(np.uint8)
    train, test = train_test_split(
        np.arange(len(labels)), test_size=SHARE_OF_TEST, random_state=SEED, stratify=labels
    )
    train.sort()
    is_test = np.zeros(len(labels), dtype=bool)
    is_test[test] = True
    machine = SVC(C=SVM_COST, gamma=SVM_WIDTH).fit(
        images[train].reshape(-1, 64) / 16, labels[train]
    )

    with h5py.File(path, "w") as file:
        file.attrs["source"] = SOURCE
        store = {"compression": "gzip", "shuffle": True}
        file.create_dataset("images", data=images, **store)
        file.create_dataset("labels", data=labels, **store)
        file.create_dataset("is_test", data=is_test, **store)
        svm = file.create_group("svm")
        svm.attrs["gamma"] = SVM_WIDTH
        svm.create_dataset("support", data=train[machine.support_].astype(np.uint16), **store)
        svm.create_dataset("counts", data=machine.n_support_.astype(np.uint16))
        svm.create_dataset("dual_coefficients", data=machine.dual_coef_, **store)
        svm.create_dataset("intercepts", data=machine.intercept_)
    return path


def main() -> None:
    for path in make_all(Path(__file__).resolve().parent):
        print(f"{path.stat().st_size / 1000:6.1f} kB  {path.name}")


if __name__ == "__main__":
    main()
