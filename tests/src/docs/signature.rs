//! Types and functions in WIT syntax.

use wit_parser::{Function, FunctionKind, Handle, Resolve, Type, TypeDefKind, TypeId};

/// A function in WIT syntax; methods without `self`, which WIT omits.
pub fn function(resolve: &Resolve, function: &Function) -> String {
    let method = matches!(function.kind, FunctionKind::Method(_) | FunctionKind::AsyncMethod(_));
    let params = function.params.iter().skip(usize::from(method));
    let params: Vec<_> = params.map(|param| format!("{}: {}", param.name, written(resolve, &param.ty))).collect();
    let result = function.result.map(|result| format!(" -> {}", written(resolve, &result))).unwrap_or_default();
    format!("{}: func({}){result}", function.item_name(), params.join(", "))
}

/// The name of a type, as at its use.
pub fn written(resolve: &Resolve, ty: &Type) -> String {
    match ty {
        Type::Bool => "bool".into(),
        Type::U8 => "u8".into(),
        Type::U16 => "u16".into(),
        Type::U32 => "u32".into(),
        Type::U64 => "u64".into(),
        Type::S8 => "s8".into(),
        Type::S16 => "s16".into(),
        Type::S32 => "s32".into(),
        Type::S64 => "s64".into(),
        Type::F32 => "f32".into(),
        Type::F64 => "f64".into(),
        Type::Char => "char".into(),
        Type::String => "string".into(),
        Type::ErrorContext => "error-context".into(),
        Type::Id(id) => resolve.types[*id].name.clone().unwrap_or_else(|| constructed(resolve, *id)),
    }
}

/// A type without its own name.
fn constructed(resolve: &Resolve, id: TypeId) -> String {
    let or_nothing = |ty: &Option<Type>| ty.as_ref().map_or("_".into(), |ty| written(resolve, ty));
    let named = |id: &TypeId| written(resolve, &Type::Id(*id));
    match &resolve.types[id].kind {
        TypeDefKind::Option(ty) => format!("option<{}>", written(resolve, ty)),
        TypeDefKind::List(ty) => format!("list<{}>", written(resolve, ty)),
        TypeDefKind::Tuple(tuple) => {
            let types: Vec<_> = tuple.types.iter().map(|ty| written(resolve, ty)).collect();
            format!("tuple<{}>", types.join(", "))
        }
        TypeDefKind::Result(result) => match (&result.ok, &result.err) {
            (None, None) => "result".into(),
            (ok, None) => format!("result<{}>", or_nothing(ok)),
            (ok, err) => format!("result<{}, {}>", or_nothing(ok), or_nothing(err)),
        },
        TypeDefKind::Handle(Handle::Own(id)) => named(id),
        TypeDefKind::Handle(Handle::Borrow(id)) => format!("borrow<{}>", named(id)),
        other => panic!("{} is not written in any signature here", other.as_str()),
    }
}
