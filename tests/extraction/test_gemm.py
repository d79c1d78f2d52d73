import numpy as np
import pytest
from thinc.api import NumpyOps

from extraction.gemm import use_numpy_gemm


@pytest.fixture(autouse=True)
def restored(monkeypatch):
    monkeypatch.setattr(NumpyOps, "gemm", NumpyOps.gemm)


@pytest.mark.parametrize("trans1", [False, True])
@pytest.mark.parametrize("trans2", [False, True])
def test_the_product_is_the_one_thinc_gives(trans1, trans2):
    numbers = np.random.default_rng(1)
    left = numbers.normal(size=(5, 3) if trans1 else (3, 5)).astype("float32")
    right = numbers.normal(size=(4, 5) if trans2 else (5, 4)).astype("float32")
    expected = NumpyOps().gemm(left, right, trans1=trans1, trans2=trans2)

    use_numpy_gemm()
    product = NumpyOps().gemm(left, right, trans1=trans1, trans2=trans2)

    assert product.dtype == np.float32
    assert np.allclose(product, expected, atol=1e-5)


def test_the_product_is_written_where_it_is_wanted():
    out = np.zeros((2, 2), dtype="float32")

    use_numpy_gemm()
    NumpyOps().gemm(np.eye(2, dtype="float32"), np.full((2, 2), 3, dtype="float32"), out=out)

    assert out.tolist() == [[3, 3], [3, 3]]
